package io.guestflow.processor.alerts;

import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import io.guestflow.processor.wire.UnreadableState;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** How a scope lies in its store. */
final class StoredScope {
    private static final int FORM = 1;

    private StoredScope() {}

    static byte[] write(Scope scope) {
        Out out = new Out();
        out.octet(FORM);
        out.number(scope.slotLengthMs());
        out.number(scope.judgedMs());
        out.number(scope.firing().size());
        scope.firing().forEach((kind, since) -> {
            out.text(kind.name());
            out.time(since);
        });
        out.number(scope.slots().size());
        scope.slots().forEach((slotMs, parts) -> {
            out.number(slotMs);
            out.number(parts.size());
            parts.forEach((partition, counts) -> {
                out.number(partition);
                counts.write(out);
            });
        });
        return out.bytes();
    }

    static Scope read(byte[] stored) {
        In in = new In(stored);
        if (in.octet() != FORM) {
            throw unreadable("in a form");
        }
        long slotLengthMs = in.number();
        long judgedMs = in.number();
        Map<AlertKind, Instant> firing = new EnumMap<>(AlertKind.class);
        for (int left = in.count(); left > 0; left--) {
            firing.put(kind(in.text()), in.time());
        }
        NavigableMap<Long, Map<Integer, Counts>> slots = new TreeMap<>();
        for (int left = in.count(); left > 0; left--) {
            slots.put(in.number(), parts(in));
        }
        return new Scope(slotLengthMs, judgedMs, slots, firing);
    }

    private static AlertKind kind(String name) {
        try {
            return AlertKind.valueOf(name);
        } catch (IllegalArgumentException ofLaterTimes) {
            throw unreadable("with an alert");
        }
    }

    private static UnreadableState unreadable(String what) {
        return new UnreadableState("a scope of alerts is stored " + what + " that this version does not know: run the"
                + " version that wrote it. Do not delete the state or the changelogs of guestflow-facts: audit's chains"
                + " are among them");
    }

    private static Map<Integer, Counts> parts(In in) {
        Map<Integer, Counts> parts = new TreeMap<>();
        for (int left = in.count(); left > 0; left--) {
            parts.put(in.count(), Counts.read(in));
        }
        return parts;
    }
}
