using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Copilot.Tests.Responses.Connecting;

public sealed class SocketBreakerTests : IDisposable
{
    private static readonly TimeSpan s_cooldown = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new();
    private readonly ServiceProvider _services;
    private readonly SocketBreaker _breaker;

    public SocketBreakerTests()
    {
        _services = new ServiceCollection().AddOptions().BuildServiceProvider();
        _breaker = new SocketBreaker(
            _services.GetRequiredService<IOptionsMonitor<UpstreamOptions>>(), _clock, NullLogger<SocketBreaker>.Instance);
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void TryEnter_Closed_LetsEveryoneIn()
    {
        Assert.All(Enumerable.Range(0, 10), _ => Assert.False(_breaker.TryEnter()!.IsProbe));
        Assert.Equal(new SocketState { State = SocketCircuit.Closed, Since = _clock.GetUtcNow() }, _breaker.State);
    }

    [Fact]
    public void Failed_Closed_TurnsSocketsOffWithReasonAndTime()
    {
        var probe = _breaker.TryEnter()!;
        _clock.Advance(TimeSpan.FromSeconds(5));
        probe.Failed("it hung", UpstreamTimeout.Connect);
        Assert.Equal(
            new SocketState
            {
                State = SocketCircuit.Open,
                Since = _clock.GetUtcNow(),
                Reason = "it hung",
                Timeout = UpstreamTimeout.Connect,
                NextProbeAt = _clock.GetUtcNow() + s_cooldown,
            },
            _breaker.State);
        Assert.Null(_breaker.TryEnter());
        Assert.False(_breaker.Admits);
    }

    [Fact]
    public void TryEnter_AfterTheCooldown_LetsOneIn()
    {
        var since = Trip();
        _clock.Advance(s_cooldown - TimeSpan.FromTicks(1));
        Assert.Null(_breaker.TryEnter());
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(_breaker.Admits);

        var probe = _breaker.TryEnter();
        Assert.True(probe!.IsProbe);
        Assert.Null(_breaker.TryEnter());
        Assert.False(_breaker.Admits);
        Assert.Equal(SocketCircuit.HalfOpen, _breaker.State.State);
        Assert.Equal(since, _breaker.State.Since);
        Assert.Null(_breaker.State.NextProbeAt);

        probe.Succeeded();
        Assert.Equal(SocketCircuit.Closed, _breaker.State.State);
        Assert.Null(_breaker.State.Reason);
    }

    [Fact]
    public void Failed_ProbeAfterProbe_DoublesTheCooldownToTheMaxUntilOneIsProved()
    {
        Trip();
        var cooldowns = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            cooldowns.Add((_breaker.State.NextProbeAt!.Value - _clock.GetUtcNow()).TotalSeconds);
            _clock.Advance(TimeSpan.FromSeconds(cooldowns[^1]));
            _breaker.TryEnter()!.Failed("still", timeout: null);
        }

        Assert.Equal([30, 60, 120, 240, 300, 300], cooldowns);
        _clock.Advance(TimeSpan.FromMinutes(5));
        _breaker.TryEnter()!.Succeeded();
        Trip();
        Assert.Equal(_clock.GetUtcNow() + s_cooldown, _breaker.State.NextProbeAt);
    }

    [Fact]
    public void Failed_ManyAtOnce_CountsOnce()
    {
        var probes = Enumerable.Range(0, 50).Select(_ => _breaker.TryEnter()!).ToList();
        probes.ForEach(probe => probe.Failed("it hung", timeout: null));
        Assert.Equal(_clock.GetUtcNow() + s_cooldown, _breaker.State.NextProbeAt);
    }

    [Fact]
    public void Failed_AttemptFromBeforeTheLastRecovery_IsIgnored()
    {
        var old = _breaker.TryEnter()!;
        Trip();
        _clock.Advance(s_cooldown);
        _breaker.TryEnter()!.Succeeded();
        old.Failed("long ago", timeout: null);
        Assert.Equal(SocketCircuit.Closed, _breaker.State.State);
        Assert.False(old.IsWanted);
    }

    [Fact]
    public void Lost_BeforeTheFirstEvent_CountsFromTheSecondInARow()
    {
        _breaker.TryEnter()!.Lost("cut");
        Assert.Equal(SocketCircuit.Closed, _breaker.State.State);
        _breaker.TryEnter()!.Succeeded();
        _breaker.TryEnter()!.Lost("cut");
        Assert.Equal(SocketCircuit.Closed, _breaker.State.State);
        _breaker.TryEnter()!.Lost("cut");
        Assert.Equal(SocketCircuit.Open, _breaker.State.State);
        Assert.Equal("cut", _breaker.State.Reason);
    }

    [Fact]
    public void Overdue_Closed_MakesItTheProbe()
    {
        var late = _breaker.TryEnter()!;
        var other = _breaker.TryEnter()!;
        late.TimedOut("it is late");
        other.TimedOut("it is late too");
        Assert.True(late.IsProbe);
        Assert.False(other.IsProbe);
        Assert.False(other.IsWanted);
        Assert.True(other.Unwanted.IsCompleted);
        Assert.Equal(SocketCircuit.HalfOpen, _breaker.State.State);
        Assert.Equal(UpstreamTimeout.HeadStart, _breaker.State.Timeout);
        Assert.Null(_breaker.TryEnter());

        other.Failed("other", timeout: null);
        Assert.Equal("it is late", _breaker.State.Reason);
        late.Succeeded();
        Assert.Equal(SocketCircuit.Closed, _breaker.State.State);
    }

    [Fact]
    public void Abandoned_Probe_LetsTheNextOneTryAtOnce()
    {
        Trip();
        _clock.Advance(s_cooldown);
        var probe = _breaker.TryEnter()!;
        probe.Released();
        probe.Failed("too late to say", timeout: null);
        Assert.Equal(SocketCircuit.Open, _breaker.State.State);
        Assert.Equal("it failed", _breaker.State.Reason);
        Assert.True(_breaker.TryEnter()!.IsProbe);
    }

    [Fact]
    public async Task WhenChanged_EachChange_IsSeenOnce()
    {
        var seen = _breaker.State;
        var change = _breaker.WhenChangedAsync(seen, CancellationToken.None);
        Assert.False(change.IsCompleted);
        Trip();
        seen = await change.Soon("the breaker opens");
        Assert.Equal(SocketCircuit.Open, seen.State);

        change = _breaker.WhenChangedAsync(seen, CancellationToken.None);
        Assert.False(change.IsCompleted);
        _clock.Advance(s_cooldown);
        _breaker.TryEnter();
        Assert.Equal(SocketCircuit.HalfOpen, (await change.Soon("the breaker tries")).State);

        using var cancel = new CancellationTokenSource();
        change = _breaker.WhenChangedAsync(_breaker.State, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => change);
    }

    private DateTimeOffset Trip()
    {
        _breaker.TryEnter()!.Failed("it failed", timeout: null);
        return _clock.GetUtcNow();
    }
}
