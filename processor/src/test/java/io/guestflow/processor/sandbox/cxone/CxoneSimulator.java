package io.guestflow.processor.sandbox.cxone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A CXone tenant on 127.0.0.1 that answers the calls of {@link Endpoint}, can be made to misbehave, and counts. It
 * speaks HTTP over plain sockets, because resets, half bodies and drips need the socket. The same switches are
 * reachable over HTTP, see {@link ControlApi}.
 *
 * <p>Threading: every method from any thread; one virtual thread for each connection.
 */
public final class CxoneSimulator implements AutoCloseable {

    private static final int BACKLOG = 1024;

    private final ServerSocket server;
    private final InstantSource clock;
    private final Behaviour behaviour = new Behaviour();
    private final FaultRules faults = new FaultRules();
    private final Tenant tenant = new Tenant();
    private final Tokens tokens = new Tokens();
    private final CallRecords records = new CallRecords();
    private final Pauses pauses = new Pauses();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final CxoneApi api;
    private final Service service;
    private final ControlApi control = new ControlApi(this);

    private CxoneSimulator(int port, InstantSource clock) {
        this.clock = clock;
        api = new CxoneApi(behaviour, tenant, tokens);
        service = new Service(clock, behaviour, faults, tenant, records, pauses, api);
        try {
            server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException("the simulator cannot listen on 127.0.0.1:" + port, e);
        }
    }

    /** Starts on a free port. */
    public static CxoneSimulator start() {
        return start(0);
    }

    /** Starts on the port, 0 = a free one. */
    public static CxoneSimulator start(int port) {
        return start(port, InstantSource.system());
    }

    /** Starts with a clock of the test's; it decides expiries, while latency and the tenant limit run in real time. */
    public static CxoneSimulator start(int port, InstantSource clock) {
        CxoneSimulator simulator = new CxoneSimulator(port, clock);
        Thread.ofVirtual().name("cxone-simulator-accept").start(simulator::accept);
        return simulator;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                if (server.isClosed()) {
                    // close() may have gone through the sockets before this one was among them.
                    socket.close();
                }
                connections.incrementAndGet();
                Connection connection = new Connection(socket, service, control, records);
                Thread.ofVirtual().name("cxone-simulator-connection").start(() -> {
                    try {
                        connection.run();
                    } finally {
                        sockets.remove(socket);
                    }
                });
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException("the simulator stopped listening", e);
                }
            }
        }
    }

    /** For example {@code http://127.0.0.1:40123}, without a slash at the end. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + port());
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Closes every connection at once. */
    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the simulator did not close", e);
        }
    }

    // How it behaves.

    /** Delay of every answer. */
    public CxoneSimulator latency(Duration latency) {
        behaviour.latency = latency;
        return this;
    }

    /** Up to this much on top of the delay, evenly spread. */
    public CxoneSimulator jitter(Duration jitter) {
        behaviour.jitter = jitter;
        return this;
    }

    /** Lifetime of tokens issued from now on; {@code expires_in} says it in whole seconds. */
    public CxoneSimulator tokenLifetime(Duration lifetime) {
        behaviour.tokenLifetime = lifetime;
        return this;
    }

    /** Lifetime that a creation or an extension gives from now on. */
    public CxoneSimulator conversationLifetime(Duration lifetime) {
        behaviour.conversationLifetime = lifetime;
        return this;
    }

    /** Whether a create for a guest with a live conversation extends it (the default) or opens a second one. */
    public CxoneSimulator extendOnRepeat(boolean extend) {
        behaviour.extendOnRepeat = extend;
        return this;
    }

    /** Whether a repeated {@code Idempotency-Key} gets the first answer's conversation (the default). */
    public CxoneSimulator honourIdempotencyKey(boolean honour) {
        behaviour.honourIdempotencyKey = honour;
        return this;
    }

    /** Whether an extension answers with another conversation, the live one being closed; off by default. */
    public CxoneSimulator replaceOnExtend(boolean replace) {
        behaviour.replaceOnExtend = replace;
        return this;
    }

    /** How the answer that opens a conversation tells its end; {@link Told#AT} by default. */
    public CxoneSimulator openingTells(Told told) {
        behaviour.openingTells = told;
        return this;
    }

    /** How the answer that extends a conversation tells its end; {@link Told#AT} by default. */
    public CxoneSimulator extensionTells(Told told) {
        behaviour.extensionTells = told;
        return this;
    }

    /** The same on these channels only, whatever it is on the others. */
    public CxoneSimulator extensionTellsOn(Map<String, Told> channels) {
        behaviour.extensionTellsOn = Map.copyOf(channels);
        return this;
    }

    /** What a call about a conversation that has ended is answered: 404 (the default) or 410. */
    public CxoneSimulator endedStatus(int status) {
        behaviour.endedStatus = status;
        return this;
    }

    /** Whether {@code DELETE /api/v2/channels/messaging/conversations/{id}} closes; without it (the default) it is a stray. */
    public CxoneSimulator closeCall(boolean exists) {
        behaviour.closeCall = exists;
        return this;
    }

    /** How long after its end a conversation is told by the details query; zero (the default) tells it while it lives. */
    public CxoneSimulator detailsAfter(Duration after) {
        behaviour.detailsAfter = after;
        return this;
    }

    /** Replaces the conversations that the details query never tells. */
    public CxoneSimulator detailsNever(Collection<String> conversationIds) {
        behaviour.detailsNever = Set.copyOf(conversationIds);
        return this;
    }

    /** Replaces the conversations for which the details query answers 400, together with all that are asked for with them. */
    public CxoneSimulator detailsRefused(Collection<String> conversationIds) {
        behaviour.detailsRefused = Set.copyOf(conversationIds);
        return this;
    }

    /** The most rows of one page of the details query, however many are asked for. */
    public CxoneSimulator detailsPageSize(int rows) {
        behaviour.detailsPageSize = rows;
        return this;
    }

    /** What is wrong with the pages of the details query from now on. */
    public CxoneSimulator detailsFault(DetailsFault fault) {
        api.details().begin();
        behaviour.detailsFault = fault;
        return this;
    }

    /** So many messages more were written in a conversation, in either direction: the details query tells them. */
    public void wrote(String conversationId, int messages) {
        tenant.wrote(conversationId, messages);
    }

    /** Replaces the channels on which create answers 403. */
    public CxoneSimulator forbiddenChannels(Collection<String> channels) {
        behaviour.forbiddenChannels = Set.copyOf(channels);
        return this;
    }

    /** Refuses every token request with this status; 0 accepts again. */
    public CxoneSimulator refuseCredentials(int status) {
        behaviour.refuseCredentials = status;
        return this;
    }

    /** Accepts only these credentials; without this call any that are not empty. */
    public CxoneSimulator credentials(String clientId, String clientSecret) {
        behaviour.clientId = clientId;
        behaviour.clientSecret = clientSecret;
        return this;
    }

    /** At most so many calls, token calls included, in any second; 0 = no limit. What is over it gets 429. */
    public CxoneSimulator callsPerSecond(int calls) {
        behaviour.callsPerSecond = calls;
        return this;
    }

    /** What a call over the tenant limit is told; one second by default. */
    public CxoneSimulator limitRetryAfter(RetryAfter retryAfter) {
        behaviour.limitRetryAfter = retryAfter;
        return this;
    }

    /** From now on no issued token is good. */
    public void revokeTokens() {
        tokens.revokeAll();
    }

    /** Lets a conversation run out now, whatever its answers said; null = there is none. */
    public @Nullable Conversation expireConversation(String conversationId) {
        return tenant.expire(conversationId, clock.instant());
    }

    /** Closes a conversation now, as an agent would; null = there is none. */
    public @Nullable Conversation closeConversation(String conversationId) {
        return tenant.close(conversationId, clock.instant());
    }

    /** Takes over a conversation that was opened elsewhere: a create for its guest extends it while it is live. */
    public void adopt(Conversation conversation) {
        tenant.adopt(conversation);
    }

    /** The next {@code count} calls of the endpoint get the fault. */
    public CxoneSimulator fault(Endpoint endpoint, Fault fault, int count) {
        faults.add(endpoint, fault, count, 1);
        return this;
    }

    /** Each call of the endpoint gets the fault with this probability, until cleared. */
    public CxoneSimulator fault(Endpoint endpoint, Fault fault, double probability) {
        faults.add(endpoint, fault, FaultRules.UNTIL_CLEARED, probability);
        return this;
    }

    /** Every call of the endpoint gets the fault, until cleared. */
    public CxoneSimulator fault(Endpoint endpoint, Fault fault) {
        return fault(endpoint, fault, 1.0);
    }

    public void clearFaults() {
        faults.clear(null);
    }

    // What it saw.

    public long calls(Endpoint endpoint) {
        return records.calls(endpoint);
    }

    /** Answers with this status, 0 = calls that got none. */
    public long calls(Endpoint endpoint, int status) {
        return records.calls(endpoint, status);
    }

    public SortedMap<Integer, Long> callsByStatus(Endpoint endpoint) {
        return records.byStatus(endpoint);
    }

    /** Calls to none of the paths. */
    public long strayCalls() {
        return records.strays();
    }

    public int callsWithKey(String idempotencyKey) {
        return tenant.callsWithKey(idempotencyKey);
    }

    public Map<String, Integer> callsByKey() {
        return tenant.callsByKey();
    }

    public int tokensIssued() {
        return tokens.issued();
    }

    /** What a guest cost since the last {@link #resetCounters}. */
    public Guest guest(String guestId) {
        return tenant.guest(guestId);
    }

    public Map<String, Guest> guests() {
        return tenant.guests();
    }

    public @Nullable Conversation conversation(String conversationId) {
        return tenant.conversation(conversationId);
    }

    public List<Conversation> conversations() {
        return tenant.conversations();
    }

    /** How many conversations were open then. */
    public int openAt(Instant time) {
        return tenant.openAt(time);
    }

    /** Conversations opened since the last {@link #resetCounters}. */
    public long opened() {
        return tenant.opened();
    }

    /** Extensions made since the last {@link #resetCounters}. */
    public long extended() {
        return tenant.extended();
    }

    /** The announced 429 pauses in order, with the calls that came all the same. */
    public List<Pause> pauses() {
        return pauses.all();
    }

    /** The last calls that were answered or given up, oldest first. */
    public List<Call> callLog() {
        return records.log();
    }

    /** The last request of the endpoint, null = there was none. */
    public @Nullable Received lastReceived(Endpoint endpoint) {
        return records.last(endpoint);
    }

    /** Time from a request read to its answer ready, latency included, summed over the endpoint's calls. */
    public long serviceNanos(Endpoint endpoint) {
        return records.serviceNanos(endpoint);
    }

    public int inFlight(Endpoint endpoint) {
        return records.inFlight(endpoint);
    }

    public int mostInFlight(Endpoint endpoint) {
        return records.mostInFlight(endpoint);
    }

    public int openConnections() {
        return sockets.size();
    }

    /** Connections accepted since the start. */
    public int connections() {
        return connections.get();
    }

    /** Sets all counters to nothing; tokens, conversations, faults and settings stay. */
    public void resetCounters() {
        records.reset();
        tenant.resetCounts();
        tokens.reset();
        pauses.reset();
    }

    Behaviour behaviour() {
        return behaviour;
    }

    FaultRules faultRules() {
        return faults;
    }

    InstantSource clock() {
        return clock;
    }
}
