using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Failures;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Architecture;
using static Copilot.Tests.Responses.Failures.FailureCases;
using static Copilot.Tests.Shared.Upstream.Frames;

namespace Copilot.Tests.Responses.Failures;

public sealed class FailurePolicyTests
{
    private static readonly UpstreamOptions s_options = new() { MaxAttempts = 5, MaxRetryWait = TimeSpan.FromMinutes(2) };

    public static TheoryData<string> CaseNames() => [.. Cases().Select(one => one.Case)];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Decide_Case_IsDecidedByItsRow(string name)
    {
        var (_, fault, context, row, expected) = Cases().Single(one => one.Case == name);
        var decision = FailurePolicy.Decide(fault, context, s_options);
        Assert.Equal(row, decision.Rule);
        Assert.Equal(expected, Words(decision));
        Assert.EndsWith(".", decision.Reason, StringComparison.Ordinal);
        if (decision is FailureDecision.EndRun end)
        {
            Assert.All([end.Code, end.Message, end.Advice], text => Assert.False(string.IsNullOrWhiteSpace(text)));
            Assert.False(end.MayBeBilledTwice);
        }
    }

    [Fact]
    public void Cases_All_ReachEveryRow() =>
        Assert.Equal(FailurePolicy.Rules.Order(), Cases().Select(one => one.Row).Distinct().Order());

    [Fact]
    public void Cases_All_AreInTheDocumentation()
    {
        var page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "transport.md"));
        Assert.All(FailurePolicy.Rules, row => Assert.Contains($"`{row}`", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TransportFailure.FirstEventTimeout, UpstreamTimeout.FirstEvent)]
    [InlineData(TransportFailure.KeepAliveTimeout, UpstreamTimeout.KeepAlive)]
    [InlineData(TransportFailure.ConnectTimeout, UpstreamTimeout.Connect)]
    [InlineData(TransportFailure.Lost, null)]
    public void Decide_TimeoutFired_IsNamed(TransportFailure failure, UpstreamTimeout? clock)
    {
        var fault = Broken(failure);
        Assert.Equal(clock, Decide(fault, Context(TransportKind.WebSocket, TransportChoice.Auto)).Timeout);
        Assert.Equal(clock, Decide(fault, Context(TransportKind.WebSocket, TransportChoice.WebSocket) with { Attempt = 5 }).Timeout);
    }

    [Fact]
    public void Decide_IdleSocketFoundDead_NamesTheTimeout()
    {
        var end = new TransportEnd(TransportEndReason.Faulted, null, "No pong.") { Timeout = UpstreamTimeout.KeepAlive };
        Assert.Equal(UpstreamTimeout.KeepAlive, Decide(new UpstreamFailure.EndedIdle(end), Context(TransportKind.WebSocket, TransportChoice.Auto)).Timeout);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    public void Decide_Resend_ReportsWhetherItMayBeBilledTwice(bool arrived, bool sent, bool twice)
    {
        var fault = Lost(null) with { MayHaveBeenSent = sent };
        Assert.Equal(twice, Decide(fault, Context(TransportKind.WebSocket, TransportChoice.Auto) with { Arrived = arrived }).MayBeBilledTwice);
    }

    [Fact]
    public void Decide_RefusedBeforeItBegan_IsNotBilledTwice() =>
        Assert.False(Decide(Refused(429, null), Context(TransportKind.Http, TransportChoice.Auto)).MayBeBilledTwice);

    [Theory]
    [InlineData(EffectsSoFar.Recorded)]
    [InlineData(EffectsSoFar.None)]
    public void Decide_OwnToolsStarted_SendsAgain(EffectsSoFar effects) => Assert.IsType<FailureDecision.ReconnectAndResendFull>(
        Decide(Lost(null), Context(TransportKind.WebSocket, TransportChoice.Auto) with { Arrived = true, Effects = effects }));

    [Fact]
    public void Decide_LongerBackoffThanTheMinimumWait_IsUsed()
    {
        var context = Context(TransportKind.Http, TransportChoice.Auto) with { Backoff = TimeSpan.FromSeconds(9) };
        Assert.Equal(TimeSpan.FromSeconds(9), Assert.IsType<FailureDecision.WaitAndRetry>(Decide(Told(null, 429), context)).Delay);
        Assert.Equal(TimeSpan.FromSeconds(9), Assert.IsType<FailureDecision.WaitAndRetry>(Decide(Told("slow_down", null), context)).Delay);
    }

    [Fact]
    public void Decide_ToldNoTimeOrTooLittle_BacksOffAllTheSame()
    {
        var later = Context(TransportKind.Http, TransportChoice.Auto) with { Backoff = TimeSpan.FromSeconds(4) };
        Assert.Equal(TimeSpan.FromSeconds(1), Delay(Refused(429, null, TimeSpan.Zero), Context(TransportKind.Http, TransportChoice.Auto)));
        Assert.Equal(TimeSpan.FromSeconds(5), Delay(Refused(503, null, TimeSpan.Zero), Context(TransportKind.Http, TransportChoice.Auto)));
        Assert.Equal(TimeSpan.FromMilliseconds(120), Delay(Refused(500, null, TimeSpan.Zero), Context(TransportKind.Http, TransportChoice.Auto)));
        Assert.Equal(TimeSpan.FromSeconds(4), Delay(Refused(429, null, TimeSpan.FromMilliseconds(1)), later));

        static TimeSpan Delay(UpstreamFailure fault, FailureContext context) => Assert.IsType<FailureDecision.WaitAndRetry>(Decide(fault, context)).Delay;
    }

    [Fact]
    public void Decide_ForcedTransport_IsNeverLeft()
    {
        Assert.All(
            Cases().Where(one => one.Context.Kind == TransportKind.WebSocket),
            one => Assert.IsNotType<FailureDecision.UseHttpForThisRun>(Decide(one.Fault, one.Context with { Choice = TransportChoice.WebSocket })));
        Assert.All(
            Cases(),
            one => Assert.IsNotType<FailureDecision.UseHttpForThisRequest>(Decide(one.Fault, one.Context with { Choice = TransportChoice.WebSocket })));
    }

    [Fact]
    public void Decide_AnyFaultAgainAndAgain_Ends()
    {
        foreach (var one in Cases())
        {
            var decision = Decide(one.Fault, one.Context with { Attempt = 5 });
            Assert.True(decision is FailureDecision.EndRun or FailureDecision.CompleteIncomplete, $"{one.Case}: {decision}");
        }
    }

    [Fact]
    public void Of_TerminalEvents_GiveTheirFault()
    {
        Assert.Null(UpstreamFailure.Of(Parse(ShortFrames.Completed("resp_1"))));
        Assert.Equal("server_error", Assert.IsType<UpstreamFailure.ReportedError>(UpstreamFailure.Of(Parse(ShortFrames.Failed("resp_1")))).Error.Code);
        Assert.Equal("previous_response_not_found", Assert.IsType<UpstreamFailure.ReportedError>(UpstreamFailure.Of(Parse(ShortFrames.NotFound))).Error.Code);
        Assert.Equal(
            new UpstreamFailure.Incomplete("max_output_tokens"),
            UpstreamFailure.Of(Parse("""{"type":"response.incomplete","response":{"id":"r","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}}""")));
        Assert.Equal(
            "response_cancelled",
            Assert.IsType<UpstreamFailure.ReportedError>(UpstreamFailure.Of(Parse("""{"type":"response.cancelled","response":{"id":"r","status":"cancelled"}}"""))).Error.Code);
        Assert.Null(Assert.IsType<UpstreamFailure.ReportedError>(UpstreamFailure.Of(Parse("""{"type":"response.failed","response":{"id":"r","status":"failed","error":null}}"""))).Error.Code);
    }

    private static FailureDecision Decide(UpstreamFailure fault, FailureContext context) => FailurePolicy.Decide(fault, context, s_options);

    private static string Words(FailureDecision decision) => decision switch
    {
        FailureDecision.ReconnectAndResendFull { Delay: var delay } => $"ReconnectAndResendFull {delay.TotalMilliseconds:0}",
        FailureDecision.WaitAndRetry { Delay: var delay } => $"WaitAndRetry {delay.TotalMilliseconds:0}",
        FailureDecision.CompactAndResend { Otherwise.Code: var code } => $"CompactAndResend {code}",
        FailureDecision.ResendWithout { Extra: var extra } => $"ResendWithout {extra}",
        FailureDecision.OmitAndResend { ItemType: var type, Files: var files } => $"OmitAndResend {type ?? files.Single().Id}",
        FailureDecision.ReturnToSocket { Delay: var delay } => $"ReturnToSocket {delay.TotalMilliseconds:0}",
        FailureDecision.EndRun { Code: var code } => $"EndRun {code}",
        FailureDecision.CompleteIncomplete { IncompleteReason: var reason } => $"CompleteIncomplete {reason}",
        _ => decision.GetType().Name,
    };
}
