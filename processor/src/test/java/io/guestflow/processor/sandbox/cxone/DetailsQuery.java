package io.guestflow.processor.sandbox.cxone;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The details query. Its figures are those of the tenant's conversations, which are told some time after their end, as
 * analytics do. It pages by token, or by number when it is asked that way.
 *
 * <p>Threading: any thread.
 */
final class DetailsQuery {
    private static final int MAX_PAGE = 100;
    private static final double MS = 1000;

    private final Behaviour behaviour;
    private final Tenant tenant;
    private final Tokens access;
    /** Tells one endless page from another, and the first time from later ones. */
    private final AtomicInteger told = new AtomicInteger();

    DetailsQuery(Behaviour behaviour, Tenant tenant, Tokens access) {
        this.behaviour = behaviour;
        this.tenant = tenant;
        this.access = access;
    }

    /** From now on faults that strike once strike again. */
    void begin() {
        told.set(0);
    }

    Answer answer(JsonNode body, Instant now) {
        Set<String> wanted = new HashSet<>();
        for (JsonNode clause : body.path("filter").path("or")) {
            if (!clause.path("field").stringValue("").equals("conversation.id")) {
                return Answer.refusal(400, "filter.or.field", "only conversation.id is known");
            }
            clause.path("in").forEach(id -> wanted.add(id.stringValue("")));
        }
        if (wanted.isEmpty()) {
            return Answer.refusal(400, "filter.or", "at least one id is required");
        }
        if (wanted.stream().anyMatch(behaviour.detailsRefused::contains)) {
            return Answer.refusal(400, "filter.or.in", "an id is badly formed");
        }
        boolean numbered = body.path("paging").isObject();
        int pageSize = numbered
                ? body.path("paging").path("pageSize").intValue(25)
                : body.path("pageSize").intValue(25);
        if (pageSize < 1 || pageSize > MAX_PAGE) {
            return Answer.refusal(400, "pageSize", "out of range");
        }
        pageSize = Math.min(pageSize, behaviour.detailsPageSize);
        int start = numbered
                ? (body.path("paging").path("pageNumber").intValue(1) - 1) * pageSize
                : start(body.path("pageToken").stringValue("page-0"));
        if (start < 0) {
            return Answer.refusal(400, numbered ? "pageNumber" : "pageToken", "out of range");
        }
        List<Conversation> found = wanted.stream()
                .sorted()
                .map(tenant::conversation)
                .filter(c -> c != null && toldBy(c, now))
                .toList();
        return numbered ? numbered(found, start, pageSize, now) : tokened(found, start, pageSize, now);
    }

    private boolean toldBy(Conversation conversation, Instant now) {
        Duration after = behaviour.detailsAfter;
        return !behaviour.detailsNever.contains(conversation.id())
                && (after.isZero() || !now.isBefore(conversation.endsAt().plus(after)));
    }

    private Answer numbered(List<Conversation> found, int start, int pageSize, Instant now) {
        int from = behaviour.detailsFault == DetailsFault.SAME_PAGE ? 0 : start;
        boolean empty = behaviour.detailsFault == DetailsFault.EMPTY_PAGE && start > 0;
        ObjectNode page = page(empty ? List.of() : part(found, from, pageSize), now);
        page.put("totalHits", behaviour.detailsFault == DetailsFault.ENDLESS ? Integer.MAX_VALUE : found.size());
        return Answer.of(200, page);
    }

    private Answer tokened(List<Conversation> found, int start, int pageSize, Instant now) {
        boolean first = start == 0;
        int end = Math.min(found.size(), start + pageSize);
        String next = end < found.size() ? "page-" + end : null;
        List<Conversation> rows = part(found, start, pageSize);
        switch (behaviour.detailsFault) {
            case SAME_PAGE -> next = next == null ? null : "page-" + start;
            case EMPTY_PAGE -> {
                rows = first ? rows : List.of();
                next = next == null ? null : next + "#" + told.incrementAndGet();
            }
            case ENDLESS -> next = "page-0#" + told.incrementAndGet();
            case FORGETS_ONE_TOKEN -> {
                if (!first && told.getAndIncrement() == 0) {
                    return Answer.refusal(400, "pageToken", "expired");
                }
            }
            case FORGETS_TOKENS -> {
                if (!first) {
                    return Answer.refusal(410, "pageToken", "expired");
                }
            }
            case ACCESS_EXPIRES -> {
                if (first && told.getAndIncrement() == 0) {
                    access.revokeAll();
                }
            }
            case FAILS_LATER -> {
                if (!first) {
                    return Answer.refusal(503, "", "analytics are not available");
                }
            }
            case NONE, UNREADABLE_ROWS -> {}
        }
        ObjectNode page = page(rows, now);
        if (next == null) {
            page.putNull("pageToken");
        } else {
            page.put("pageToken", next);
        }
        return Answer.of(200, page);
    }

    private ObjectNode page(List<Conversation> rows, Instant now) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode data = answer.putArray("data");
        for (Conversation c : rows) {
            boolean bare = behaviour.detailsFault == DetailsFault.UNREADABLE_ROWS && data.size() % 2 == 1;
            boolean over = !c.live(now);
            ObjectNode row = data.addObject();
            row.put("conversationId", c.id());
            row.put("channelId", c.channelId());
            row.put("startedAt", c.createdAt().toString());
            if (over) {
                row.put("endedAt", c.endsAt().toString());
            } else {
                row.putNull("endedAt");
            }
            ObjectNode metrics = row.putObject("metrics");
            if (!bare) {
                metrics.put("duration", c.createdAt().until(over ? c.endsAt() : now, ChronoUnit.MILLIS) / MS);
                metrics.put("messageCount", tenant.messages(c.id()));
            }
        }
        return answer;
    }

    private static List<Conversation> part(List<Conversation> all, int start, int size) {
        List<Conversation> part = new ArrayList<>();
        for (int i = start; i < Math.min(all.size(), start + size); i++) {
            part.add(all.get(i));
        }
        return part;
    }

    private static int start(String token) {
        int mark = token.indexOf('#');
        String page = mark < 0 ? token : token.substring(0, mark);
        try {
            return page.startsWith("page-") ? Integer.parseInt(page.substring(5)) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
