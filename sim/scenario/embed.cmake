# cmake -DOUTPUT=... -DGPUS=... -DPROFILES=... -P embed.cmake: the catalogue's files as string constants.
# Literals are cut into pieces, since compilers need only take 64 KiB in one.
function(literal file out)
  file(READ ${file} text)
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
literal(${PROFILES} profiles)
file(WRITE ${OUTPUT}
"// Generated from models/catalogue by embed.cmake.\n#include <string_view>\n\nnamespace windtunnel {\n
extern const std::string_view kGpusYaml;\nextern const std::string_view kProfilesYaml;
const std::string_view kGpusYaml =\n${gpus};\nconst std::string_view kProfilesYaml =\n${profiles};\n}\n")
