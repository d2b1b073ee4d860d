package io.guestflow.processor.session;

import io.guestflow.processor.context.CommandBudget;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Context of two updates as one, which has the room of one: the last value of a key wins, and what does not fit is left out,
 * the older update's first.
 *
 * @param dropped the keys that are left out
 */
record Merged(Map<String, JsonNode> context, Set<String> dropped) {
    static Merged of(Map<String, JsonNode> earlier, Map<String, JsonNode> later) {
        // Newest first, also where what is stored is merged again.
        Map<String, JsonNode> both = new LinkedHashMap<>(later);
        earlier.forEach(both::putIfAbsent);
        Set<String> dropped = Set.copyOf(CommandBudget.beyond(both, List.copyOf(both.keySet())));
        both.keySet().removeAll(dropped);
        return new Merged(Collections.unmodifiableMap(both), dropped);
    }
}
