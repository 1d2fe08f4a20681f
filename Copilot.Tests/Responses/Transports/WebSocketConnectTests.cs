using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Tests.Responses.Connecting;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Transports;

/// <summary>Upgrades that fail, and what is said of them.</summary>
public sealed class WebSocketConnectTests : WebSocketTransportScene
{
    [Fact]
    public async Task Connect_UpgradeHangs_TimesOut()
    {
        _upstream.OnUpgrade = ScriptedUpstream.Hang;
        var error = await RefusedAsync(options => options.ConnectTimeout = TimeSpan.FromMilliseconds(100));
        Assert.Equal(TransportFailure.ConnectTimeout, error.Failure);
        Assert.False(error.MayHaveBeenSent);
    }

    [Fact]
    public async Task Connect_Cancelled_ThrowsCancellation()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _upstream.OnUpgrade = context =>
        {
            asked.SetResult();
            return ScriptedUpstream.Hang(context);
        };
        using var cancel = new CancellationTokenSource();
        var connecting = Leg(_ => { }).ConnectAsync(cancel.Token);
        await asked.Task.Soon("the upgrade is asked for");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon("the cancelled connect"));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(426)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(200)]
    public async Task Connect_Refused_CarriesTheDetails(int status)
    {
        _upstream.OnUpgrade = ScriptedUpstream.Refuse(status, "<html>no</html>", ("Retry-After", "7"), ("x-request-id", "req_42"));
        var error = await RefusedAsync(_ => { });
        Assert.Equal(TransportFailure.Refused, error.Failure);
        Assert.Equal(status, error.HttpStatus);
        Assert.Equal(TimeSpan.FromSeconds(7), error.RetryAfter);
        Assert.Contains("req_42", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(UpstreamLeg.Key, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_Redirected_IsNotFollowed()
    {
        await using var elsewhere = await ScriptedUpstream.StartAsync();
        _upstream.OnUpgrade = ScriptedUpstream.Refuse(307, "", ("Location", elsewhere.BaseUrl + "/responses"));
        var error = await RefusedAsync(_ => { });
        Assert.Equal(TransportFailure.Refused, error.Failure);
        Assert.Equal(307, error.HttpStatus);
        Assert.Equal(0, elsewhere.Requests);
    }

    [Fact]
    public async Task Connect_LostDuringTheUpgrade_IsUnreachable()
    {
        _upstream.OnUpgrade = ScriptedUpstream.Cut;
        Assert.Equal(TransportFailure.Unreachable, (await RefusedAsync(_ => { })).Failure);
    }

    [Fact]
    public async Task Connect_KeyThatCannotBeSent_DoesNotRepeatIt()
    {
        var error = await RefusedAsync(options => options.ApiKey = "sk-äbc\ndef");
        Assert.DoesNotContain("bc", error.ToString().Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal(0, _upstream.Requests);
    }

    private Task<TransportException> RefusedAsync(Action<UpstreamOptions> configure) =>
        Assert.ThrowsAsync<TransportException>(() => Leg(configure).ConnectAsync(CancellationToken.None).Soon("the refusal"));
}
