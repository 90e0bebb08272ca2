/* CMake wants a source that is compiled here. */
typedef int empty;
