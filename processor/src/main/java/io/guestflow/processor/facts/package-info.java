/** The one place that turns what was decided into facts: their ids, and the references that stand for guests. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.facts;
