/** Times as CXone writes them, in webhooks and in answers. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.cxonetime;
