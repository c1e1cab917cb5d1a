/* The program's version. The Makefile and the Debian package read it from here. */
#ifndef YIMEN_CLI_VERSION_H
#define YIMEN_CLI_VERSION_H

#define YIMEN_VERSION "0.3.0"

#endif
