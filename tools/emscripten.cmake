# Emscripten's own toolchain file, found from where emcc really is.
find_program(EMCC emcc REQUIRED)
file(REAL_PATH "${EMCC}" EMCC_REAL)
cmake_path(GET EMCC_REAL PARENT_PATH EMSCRIPTEN_ROOT)
include("${EMSCRIPTEN_ROOT}/cmake/Modules/Platform/Emscripten.cmake")
