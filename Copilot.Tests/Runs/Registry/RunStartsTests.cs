using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.Registry;

/// <summary>A run begins with one commit, or not at all.</summary>
public sealed class RunStartsTests : IAsyncLifetime
{
    private ScriptedUpstream _upstream = null!;
    private RunHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _host = await RunHost.StartWithAsync(
            _upstream.BaseUrl, services => services.Configure<RunOptions>(options => (options.MaxActive, options.ReservedForAdmins) = (1, 0)));
    }

    public async ValueTask DisposeAsync()
    {
        _host.Database.FreeDisk();
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task StartAsync_DiskIsFull_IsRefusedAtOnceAndNothingIsLeftOfIt()
    {
        _host.Database.FillDisk();
        var request = RunHost.Request(new string('x', 100_000), "ses_1") with { MessageId = "msg_1" };

        for (var attempt = 0; attempt < 3; attempt++)
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(() => StartAsync(request).Soon("the refusal"));
        }

        _host.Database.FreeDisk();
        Assert.Equal(0, _host.Runs.Count);
        StartOutcome outcome;
        while (true)
        {
            var changed = _host.Health.Changed;
            if (_host.Health.Problem is null)
            {
                outcome = await StartAsync(request);
                break;
            }

            await changed.Soon("the store is tried again");
        }

        Assert.False(Assert.IsType<StartOutcome.Started>(outcome).Existing);
        Assert.Single(await _host.Database.Events.ReadSessionAsync("ses_1", CancellationToken.None));
    }

    [Fact]
    public async Task StartAsync_CallerLeavesWhileItIsCommitted_IsFoundUnderItsMessageId()
    {
        var request = RunHost.Request("Hello", "ses_1") with { MessageId = "msg_1" };
        using var leaves = new CancellationTokenSource();
        Task<StartOutcome> first;
        Task<StartOutcome> again;
        using (await _host.Database.Gate.EnterAsync(CancellationToken.None))
        {
            first = _host.Runs.StartAsync(request, leaves.Token);
            Assert.Equal(1, _host.Runs.Count);
            await leaves.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Soon("the caller leaves"));
            again = StartAsync(request);
        }

        Assert.True(Assert.IsType<StartOutcome.Started>(await again.Soon("the second answer")).Existing);
        Assert.Single(await _host.Database.Events.ReadSessionAsync("ses_1", CancellationToken.None));
    }

    [Fact]
    public async Task StartAsync_FirstSeenOfARun_HasItsMessage()
    {
        await using var runs = _host.Directory.FollowAsync(RunScope.Everyone, CancellationToken.None).GetAsyncEnumerator();
        var next = runs.MoveNextAsync();
        await _host.StartRunAsync("What is it?");
        Assert.True(await next.AsTask().Soon("the run is seen"));

        // One commit: after a crash there is no run without its question.
        Assert.Equal("What is it?", Assert.Single(runs.Current).Input);
    }

    private Task<StartOutcome> StartAsync(RunRequest request) => _host.Runs.StartAsync(request, CancellationToken.None);
}
