using System.Text.Json;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Transports;

public sealed class ResponsesSessionTests : BothTransportsScene
{
    private static readonly InputItem s_question = InputItem.UserMessage("Where is it?");
    private static readonly InputItem s_call = new("""{"type":"function_call","call_id":"call_1","name":"find","arguments":"{}"}"""u8.ToArray());
    private static readonly InputItem s_output = InputItem.FunctionCallOutput("call_1", "On shelf 3.");

    [Fact]
    public async Task Plan_SameSocketAfterCompletion_SendsOnlyWhatIsNew()
    {
        await using var transport = await SocketAsync();
        var first = _session.Plan(transport, Settings(), [s_question]);
        Assert.Equal(SendMode.Full, first.Mode);
        Assert.Equal(1, first.InputItems);
        Assert.Null(first.PreviousResponseId);
        _session.Completed("resp_1", [s_call]);

        var second = _session.Plan(transport, Settings(), Fresh([s_question, s_call, s_output]));
        Assert.Equal(SendMode.Delta, second.Mode);
        Assert.Equal(1, second.InputItems);
        Assert.Equal("resp_1", second.PreviousResponseId);
        Assert.Equal(s_output.Json.ToArray(), second.Request.Input[0].Json.ToArray());
        _session.Completed("resp_2", []);

        var third = _session.Plan(transport, Settings(), Fresh([s_question, s_call, s_output, s_question]));
        Assert.Equal(SendMode.Delta, third.Mode);
        Assert.Equal(1, third.InputItems);
        Assert.Equal("resp_2", third.PreviousResponseId);
    }

    [Fact]
    public async Task Plan_OnTheWire_HasTheReportedBytesAndOnlyTheOutputs()
    {
        var transport = await SocketAsync();
        var socket = await _upstream.NextSocketAsync();
        var plan = _session.Plan(transport, Settings(), [s_question]);
        var frame = await SendAsync(transport, socket, plan, "resp_1");
        Assert.Equal(plan.Bytes, System.Text.Encoding.UTF8.GetByteCount(frame));
        _session.Completed("resp_1", [s_call]);

        plan = _session.Plan(transport, Settings(), [s_question, s_call, s_output]);
        frame = await SendAsync(transport, socket, plan, "resp_2");
        Assert.Equal(plan.Bytes, System.Text.Encoding.UTF8.GetByteCount(frame));
        var sent = JsonDocument.Parse(frame).RootElement;
        Assert.Equal("resp_1", sent.GetProperty("previous_response_id").GetString());
        Assert.Equal("function_call_output", Assert.Single(sent.GetProperty("input").EnumerateArray()).GetProperty("type").GetString());
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task Plan_AfterWarmUp_ContinuesFromIt()
    {
        await using var transport = await SocketAsync();
        var warm = _session.PlanWarmUp(transport, Settings(), []);
        Assert.True(warm.Request.WarmUp);
        _session.Completed("resp_0", []);
        var plan = _session.Plan(transport, Settings(), [s_question]);
        Assert.Equal(SendMode.Delta, plan.Mode);
        Assert.Equal("resp_0", plan.PreviousResponseId);
        Assert.Equal(1, plan.InputItems);
        Assert.False(plan.Request.WarmUp);
    }

    [Fact]
    public async Task Plan_AfterFailure_IsFull()
    {
        await using var transport = await SocketAsync();
        _session.Plan(transport, Settings(), [s_question]);
        _session.Completed("resp_1", [s_call]);
        _session.Plan(transport, Settings(), [s_question, s_call, s_output]);
        _session.Failed();
        AssertFull(_session.Plan(transport, Settings(), [s_question, s_call, s_output]), 3);
    }

    [Fact]
    public async Task Plan_OutcomeNeverReported_IsFull()
    {
        await using var transport = await SocketAsync();
        _session.Plan(transport, Settings(), [s_question]);
        _session.Completed("resp_1", [s_call]);
        _session.Plan(transport, Settings(), [s_question, s_call, s_output]);
        AssertFull(_session.Plan(transport, Settings(), [s_question, s_call, s_output]), 3);
    }

    [Fact]
    public async Task Plan_AnotherSocket_IsFull()
    {
        await using var transport = await SocketAsync();
        await using var other = await SocketAsync();
        _session.Plan(transport, Settings(), [s_question]);
        _session.Completed("resp_1", [s_call]);
        AssertFull(_session.Plan(other, Settings(), [s_question, s_call, s_output]), 3);
    }

    [Fact]
    public async Task Plan_SocketThatEnded_IsFull()
    {
        var transport = await SocketAsync();
        _session.Plan(transport, Settings(), [s_question]);
        _session.Completed("resp_1", [s_call]);
        await transport.DisposeAsync();
        AssertFull(_session.Plan(transport, Settings(), [s_question, s_call, s_output]), 3);
    }

    public static TheoryData<string> Changes => ["model", "instructions", "tools", "parallel", "store", "effort", "summary", "limit", "key", "text", "metadata"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Plan_ChangedSettings_IsFull(string change)
    {
        await using var transport = await SocketAsync();
        _session.Plan(transport, Settings(), [s_question]);
        _session.Completed("resp_1", [s_call]);
        var settings = change switch
        {
            "model" => Settings() with { Model = "gpt-6" },
            "instructions" => Settings() with { Instructions = "Other." },
            "tools" => Settings() with { Tools = """[{"type":"function","name":"other"}]"""u8.ToArray() },
            "parallel" => Settings() with { ParallelToolCalls = false },
            "store" => Settings() with { Store = true },
            "effort" => Settings() with { ReasoningEffort = "high" },
            "summary" => Settings() with { ReasoningSummary = "detailed" },
            "limit" => Settings() with { MaxOutputTokens = 5 },
            "key" => Settings() with { PromptCacheKey = "other" },
            "text" => Settings() with { Text = """{"verbosity":"low"}"""u8.ToArray() },
            _ => Settings() with { Metadata = new Dictionary<string, string> { ["a"] = "2" } },
        };
        AssertFull(_session.Plan(transport, settings, [s_question, s_call, s_output]), 3);
    }

    [Fact]
    public async Task Plan_HistoryThatDiffers_IsFull()
    {
        await using var transport = await SocketAsync();
        _session.Plan(transport, Settings(), [s_question]);
        _session.Completed("resp_1", [s_call]);
        AssertFull(_session.Plan(transport, Settings(), [InputItem.UserMessage("Where was it?"), s_call, s_output]), 3);
    }

    [Fact]
    public async Task Plan_HistoryThatIsShorter_IsFull()
    {
        await using var transport = await SocketAsync();
        _session.Plan(transport, Settings(), [s_question]);
        _session.Completed("resp_1", [s_call]);
        AssertFull(_session.Plan(transport, Settings(), [s_question]), 1);
    }

    [Theory]
    [InlineData(false, SendMode.Full)]
    [InlineData(true, SendMode.Delta)]
    public async Task Plan_OverHttp_ContinuesOnlyWhatIsStored(bool store, SendMode expected)
    {
        await using var transport = await _posts.ConnectAsync(CancellationToken.None);
        var settings = Settings() with { Store = store };
        _session.Plan(transport, settings, [s_question]);
        _session.Completed("resp_1", [s_call]);
        Assert.Equal(expected, _session.Plan(transport, settings, [s_question, s_call, s_output]).Mode);
        Assert.Throws<ArgumentException>(() => _session.PlanWarmUp(transport, settings, []));
    }

    [Fact]
    public void Completed_WithoutPlan_Throws() => Assert.Throws<InvalidOperationException>(() => _session.Completed("resp_1", []));

    // New objects with equal content at every call, as a caller that rebuilds them makes them.
    private static ResponseSettings Settings() => new()
    {
        Model = "gpt-5.6",
        Instructions = "Be brief.",
        Tools = """[{"type":"function","name":"find"}]"""u8.ToArray(),
        Metadata = new Dictionary<string, string> { ["a"] = "1" },
    };

    private static InputItem[] Fresh(InputItem[] items) => [.. items.Select(item => new InputItem(item.Json.ToArray()))];

    private static void AssertFull(ResponsePlan plan, int items)
    {
        Assert.Equal(SendMode.Full, plan.Mode);
        Assert.Equal(items, plan.InputItems);
        Assert.Null(plan.PreviousResponseId);
    }

    private Task<IResponsesTransport> SocketAsync() => OpenAsync(_sockets);
}
