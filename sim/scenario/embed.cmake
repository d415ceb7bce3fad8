# cmake -DOUTPUT=... -DFOLDER=... -DGPUS=gpus.yaml -DPROFILES=a.yaml,b.yaml -P embed.cmake: the catalogue's files as string
# constants. Literals are cut into pieces, since compilers need only take 64 KiB in one.
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

literal(${GPUS} gpus)
string(REPLACE "," ";" PROFILES "${PROFILES}")
set(entries "")
foreach(file IN LISTS PROFILES)
  literal(${file} text)
  string(APPEND entries "{\"catalogue/${file}\",\n${text}},\n")
endforeach()
file(WRITE ${OUTPUT}
"// Generated from models/catalogue by embed.cmake.\n#include \"sim/scenario/catalogue.hpp\"\n\nnamespace windtunnel {\n
extern const std::string_view kGpusYaml;\nextern const std::span<const CatalogueText> kProfilesYaml;
const std::string_view kGpusYaml =\n${gpus};\nconstexpr CatalogueText kProfiles[] = {\n${entries}};\nconstinit const std::span<const CatalogueText> kProfilesYaml = kProfiles;\n}\n")
