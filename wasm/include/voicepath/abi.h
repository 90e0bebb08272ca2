/* voicepath/abi.h: what a built wasm file says about itself. */
#ifndef VOICEPATH_ABI_H
#define VOICEPATH_ABI_H

#include "voicepath/base.h"

/* Fingerprint of the structs, constants and functions this file was built with. */
uint32_t vp_abi_hash(void);

#endif
