/* The fingerprint of everything the TypeScript side was generated from; the loader compares it. */
#include "abi_hash.gen.h"
#include "voicepath/abi.h"

uint32_t vp_abi_hash(void) {
    return VP_ABI_HASH;
}
