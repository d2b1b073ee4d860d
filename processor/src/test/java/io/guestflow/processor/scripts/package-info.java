/** Tests of the scripts that people and CI run, as they run them: as processes, on a machine made to lack things. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.scripts;
