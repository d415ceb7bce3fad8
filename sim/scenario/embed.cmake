# cmake -DOUTPUT=... -DFOLDER=... -DFILES=gpus,mig -DPROFILES=a,b -P embed.cmake: the catalogue's files as string constants,
# kGpusYaml for gpus.yaml and so on, and kProfilesYaml with all files of profiles. Literals are cut into pieces, since
# compilers need only take 64 KiB in one.
function(literal file out)
  file(READ ${FOLDER}/${file} text)
  string(LENGTH "${text}" length)
  set(pieces "")
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 8000 piece)
    string(APPEND pieces "R\"~~~(${piece})~~~\"\n")
    math(EXPR at "${at} + 8000")
  endwhile()
  set(${out} "${pieces}" PARENT_SCOPE)
endfunction()

set(constants "")
string(REPLACE "," ";" FILES "${FILES}")
foreach(name IN LISTS FILES)
  literal(${name}.yaml text)
  string(SUBSTRING ${name} 0 1 initial)
  string(SUBSTRING ${name} 1 -1 rest)
  string(TOUPPER ${initial} initial)
  string(APPEND constants "extern const std::string_view k${initial}${rest}Yaml;
const std::string_view k${initial}${rest}Yaml =\n${text};\n")
endforeach()
string(REPLACE "," ";" PROFILES "${PROFILES}")
set(entries "")
foreach(name IN LISTS PROFILES)
  literal(${name}.yaml text)
  string(APPEND entries "{\"catalogue/${name}.yaml\",\n${text}},\n")
endforeach()
file(WRITE ${OUTPUT}
"// Generated from models/catalogue by embed.cmake.\n#include \"sim/scenario/catalogue.hpp\"\n\nnamespace windtunnel {\n
${constants}extern const std::span<const CatalogueText> kProfilesYaml;
constexpr CatalogueText kProfiles[] = {\n${entries}};\nconstinit const std::span<const CatalogueText> kProfilesYaml = kProfiles;\n}\n")
