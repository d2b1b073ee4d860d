package io.guestflow.processor.effects.cxone;

import io.guestflow.processor.effects.cxone.Paging.Position;
import io.guestflow.processor.effects.cxone.Profile.DetailsCall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The bodies of the details query, written and read as DESIGN section 4 has them. */
final class DetailsJson {
    /** A token is CXone's own business, but not of any size. */
    private static final int LONGEST_TOKEN = 4096;

    private static final double MS_PER_SECOND = 1000;
    /** Some three hundred years, in seconds. */
    private static final double LONGEST_CONVERSATION = 1e10;

    /** .NET's way to tell no time. */
    private static final String UNSET = "0001-01-01";

    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(?:\\.\\d{1,15})?");

    private DetailsJson() {}

    static byte[] query(DetailsCall call, Collection<String> conversationIds, Position at) {
        ObjectNode body = ConversationJson.newObject();
        ArrayNode in = body.putObject("filter")
                .putArray("or")
                .addObject()
                .put("field", "conversation.id")
                .putArray("in");
        conversationIds.forEach(in::add);
        body.putArray("groupBy").add("conversation.id");
        body.putArray("metrics").add("duration").add("messageCount");
        switch (call.paging()) {
            case TOKEN -> {
                body.put("pageSize", call.pageSize());
                if (at instanceof Position.Token(String token)) {
                    body.put("pageToken", token);
                }
            }
            case NUMBER ->
                body.putObject("paging")
                        .put("pageSize", call.pageSize())
                        .put("pageNumber", at instanceof Position.Numbered(int number) ? number : 1);
        }
        return ConversationJson.bytes(body);
    }

    /** The page that an answer holds; null when it cannot be read. Of rows that cannot be, there is at most whose they are. */
    static @Nullable DetailsPage page(DetailsCall call, byte[] body) {
        JsonNode json = ConversationJson.object(body);
        if (json == null) {
            return null;
        }
        JsonNode data = json.path("data");
        // Null stands for an empty array, and so does nothing: but only where nothing more is promised.
        boolean none = isAbsent(data);
        if (!none && !data.isArray()) {
            return null;
        }
        List<ConversationDetails> rows = new ArrayList<>();
        List<String> named = new ArrayList<>();
        int unreadable = 0;
        for (JsonNode row : data) {
            String id = ConversationJson.idIn(number(row.path("conversationId")));
            ConversationDetails details = id == null ? null : row(id, row);
            if (details != null) {
                rows.add(details);
                continue;
            }
            unreadable++;
            if (id != null) {
                named.add(id);
            }
        }
        return switch (call.paging()) {
            case TOKEN -> {
                JsonNode next = json.path("pageToken");
                if (isAbsent(next)) {
                    yield new DetailsPage(rows, unreadable, named, null, null);
                }
                boolean sound = !none && next.isString() && next.stringValue().length() <= LONGEST_TOKEN;
                yield sound ? new DetailsPage(rows, unreadable, named, next.stringValue(), null) : null;
            }
            case NUMBER -> {
                JsonNode total = json.path("totalHits");
                boolean sound = total.isIntegralNumber()
                        && total.canConvertToInt()
                        && total.intValue() >= 0
                        && (!none || total.intValue() == 0);
                yield sound ? new DetailsPage(rows, unreadable, named, null, total.intValue()) : null;
            }
        };
    }

    /** Null if one of its figures, or a time that it tells, cannot be read. */
    private static @Nullable ConversationDetails row(String id, JsonNode row) {
        Double duration = figure(row.path("metrics").path("duration"), LONGEST_CONVERSATION);
        Double messages = figure(row.path("metrics").path("messageCount"), Integer.MAX_VALUE);
        boolean times = isTimeOrNone(row.path("startedAt")) && isTimeOrNone(row.path("endedAt"));
        if (duration == null || messages == null || messages != Math.rint(messages) || !times) {
            return null;
        }
        return new ConversationDetails(
                id,
                ConversationJson.time(row.path("startedAt")),
                ConversationJson.time(row.path("endedAt")),
                Math.round(duration * MS_PER_SECOND),
                messages.intValue());
    }

    /** An id may be a number, which is its digits. */
    private static JsonNode number(JsonNode id) {
        return id.isIntegralNumber() ? new StringNode(id.asString()) : id;
    }

    /** From 0 to {@code most}, as a number or as the text of one; null if it is neither. */
    private static @Nullable Double figure(JsonNode node, double most) {
        double figure;
        if (node.isNumber()) {
            figure = node.doubleValue();
        } else if (node.isString() && NUMBER.matcher(node.stringValue()).matches()) {
            figure = Double.parseDouble(node.stringValue());
        } else {
            return null;
        }
        return figure >= 0 && figure <= most ? figure : null;
    }

    /**
     * Whether a time may be taken for what {@link ConversationJson#time} makes of it: null has to mean that CXone tells
     * none. One that cannot be read would make a conversation that is over one that goes on.
     */
    private static boolean isTimeOrNone(JsonNode node) {
        return isAbsent(node)
                || ConversationJson.time(node) != null
                || (node.isString() && node.stringValue().startsWith(UNSET));
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode()
                || node.isNull()
                || (node.isString() && node.stringValue().isEmpty());
    }
}
