# How every wasm file is linked: no JavaScript by Emscripten, no libraries but C's.
include(CheckLinkerFlag)

# wasm_link_options(<variable> <KB of stack> <size of the memory at the start, with its unit>)
#
# A stack that overflows must trap, not run into data: so it comes first. LLVM 19's wasm-ld then
# wants the data placed after it by hand, which Emscripten 3.1.6 does not do by itself.
function(wasm_link_options variable stack_kb memory)
  set(stack "-sTOTAL_STACK=${stack_kb}KB" -Wl,--stack-first)
  string(JOIN " " flags ${stack} --no-entry)
  check_linker_flag(C "${flags}" VP_STACK_FIRST_ALONE)
  if(NOT VP_STACK_FIRST_ALONE)
    math(EXPR global_base "${stack_kb} * 1024")
    list(APPEND stack "-sGLOBAL_BASE=${global_base}")
  endif()
  set(${variable} --no-entry -sSTANDALONE_WASM -sFILESYSTEM=0 -sALLOW_MEMORY_GROWTH=1
      "-sINITIAL_MEMORY=${memory}" ${stack} PARENT_SCOPE)
endfunction()
