package io.guestflow.processor.sandbox.bench.auth;

import java.util.LinkedHashMap;
import java.util.Map;

/** Those whose processor time is told, by name: the machine's processors are shared by all of them. */
record Processes(long broker, long simulator) {

    /** With the side that is measured; this JVM is the load. */
    Map<String, Long> with(Side side) {
        Map<String, Long> pids = new LinkedHashMap<>();
        pids.put(side.name(), side.pid());
        pids.put("broker", broker);
        pids.put("simulator", simulator);
        pids.put("load", ProcessHandle.current().pid());
        return pids;
    }
}
