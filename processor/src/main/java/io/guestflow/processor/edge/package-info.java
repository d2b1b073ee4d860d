/** What the process answers over HTTP: health and metrics, and the routes of whoever else has something to answer. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.edge;
