using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Connecting;

/// <summary><c>Auto</c> to a scripted upstream, on a manual clock.</summary>
public abstract class SocketFallbackScene : IAsyncLifetime
{
    private protected static readonly TimeSpan s_headStart = TimeSpan.FromSeconds(1.5);
    private protected static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);
    private protected static readonly TimeSpan s_cooldown = TimeSpan.FromSeconds(30);
    private protected readonly ManualClock _clock = new();
    private protected readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private protected ScriptedUpstream _upstream = null!;
    private protected UpstreamLeg _leg = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        Use(_ => { });
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _release.TrySetResult();
        await _leg.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private protected void Use(Action<UpstreamOptions> configure) => _leg = UpstreamLeg.To(
        _upstream.BaseUrl,
        options =>
        {
            options.ConnectTimeout = s_connectTimeout;
            options.FirstEventTimeout = TimeSpan.FromSeconds(10);
            configure(options);
        },
        _clock);

    private protected Task<IResponsesTransport> ConnectAsync() => _leg.ConnectAsync(CancellationToken.None);

    /// <summary>Upgrades wait for the release and are accepted then.</summary>
    private protected void HoldUpgrades() => _upstream.OnUpgrade = async context =>
    {
        var released = _release.Task.WaitAsync(context.RequestAborted);
        try
        {
            await released;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await _upstream.AcceptAsync(context);
    };
}
