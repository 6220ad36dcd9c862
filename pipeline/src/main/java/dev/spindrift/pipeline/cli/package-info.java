/** The command line beside the job: publish, submit, search, verify, demo. */
@NullMarked
package dev.spindrift.pipeline.cli;

import org.jspecify.annotations.NullMarked;
