package io.guestflow.processor.session;

import io.guestflow.processor.context.CommandBudget;
import java.util.ArrayList;
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
        Map<String, JsonNode> both = new LinkedHashMap<>(earlier);
        both.putAll(later);
        List<String> newestFirst = new ArrayList<>(later.keySet());
        earlier.keySet().stream().filter(key -> !later.containsKey(key)).forEach(newestFirst::add);
        Set<String> dropped = Set.copyOf(CommandBudget.beyond(both, newestFirst));
        both.keySet().removeAll(dropped);
        return new Merged(Collections.unmodifiableMap(both), dropped);
    }
}
