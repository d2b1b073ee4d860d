/** Makes the audit record of every fact, once, and chains them. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.audit;
