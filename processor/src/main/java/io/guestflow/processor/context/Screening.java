package io.guestflow.processor.context;

import io.guestflow.contracts.auth.ContextDrop;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What became of a context.
 *
 * <p>Threading: immutable, may be shared.
 *
 * @param accepted what the bot may have, sorted by key: scalars only
 * @param dropped what it may not, at most {@link ContextPolicy#MAX_LISTED} entries: first allow-listed keys, sorted, then
 *     {@code unknown#1} and so on, counted in the order of the object; empty only if nothing was dropped
 */
public record Screening(SortedMap<String, JsonNode> accepted, List<ContextDrop> dropped) {
    /** Takes copies. */
    public Screening {
        accepted = Collections.unmodifiableSortedMap(new TreeMap<>(accepted));
        dropped = List.copyOf(dropped);
    }
}
