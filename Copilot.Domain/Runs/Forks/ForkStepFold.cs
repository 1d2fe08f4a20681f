using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Events.Output;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Forks;

/// <summary>Folds a run's events into its steps. A request that brought nothing that counts is part of the step that it became.</summary>
/// <param name="upstreamStores">Whether the upstream stores responses (<c>store</c>).</param>
internal sealed class ForkStepFold(bool upstreamStores)
{
    private readonly List<Step> _steps = [];
    private Step? _open;
    private ResponseOutput _output = ResponseOutput.Empty;
    private bool _hasBegun;

    /// <summary>The steps so far. The last may have no end.</summary>
    public IReadOnlyList<ForkStep> Steps => [.. _steps.Select((step, place) => step.ToStep(place + 1))];

    /// <summary>Takes the next event.</summary>
    public void Apply(RunEvent runEvent)
    {
        if (runEvent.Upstream is { } upstream)
        {
            ApplyUpstream(runEvent.Seq, upstream);
            return;
        }

        switch (runEvent.Payload)
        {
            case UserMessage message:
                _steps.Add(new Step(runEvent.Seq) { IsMessage = true, Text = message.Text ?? "" });
                break;
            case RunForked { Items: { Count: > 0 } items } forked:
                Begin(runEvent.Seq, items, forked.Outputs ?? []);
                break;
            case AttemptSent:
                if (_open is null)
                {
                    _steps.Add(_open = new Step(runEvent.Seq) { HistorySeq = runEvent.Seq - 1 });
                }

                _hasBegun = false;
                break;
            case AttemptSuperseded:
                _hasBegun = false;
                break;
        }

        if (runEvent.CallId is { } callId && FindCall(callId) is var (step, place))
        {
            step.CallsBySeq[runEvent.Seq] = callId;
            step.Calls[place] = runEvent.Payload switch
            {
                ToolRequested { Arguments: { } arguments } => step.Calls[place] with { Arguments = arguments },
                ApprovalApproved { Arguments: { } edited } => step.Calls[place] with { Arguments = edited },
                ToolEnded { Output: { } output } => step.Calls[place] with { Output = output },
                ToolOutcomeUnknown { Output: { } output } => step.Calls[place] with { Output = output },
                _ => step.Calls[place],
            };
        }
    }

    private void ApplyUpstream(long seq, ResponseEvent upstream)
    {
        if (_open is null)
        {
            if (upstream is not (ResponseLifecycleEvent or OutputItemEvent or ItemProgressEvent or TextDeltaEvent))
            {
                return;
            }

            _steps.Add(_open = new Step(seq));
            _hasBegun = false;
        }

        if (!_hasBegun)
        {
            (_hasBegun, _output, _open.HistorySeq) = (true, ResponseOutput.Empty, seq - 1);
        }

        _output = _output.Apply(upstream);
        if (upstream is OutputItemEvent { Item.CallId: { } callId })
        {
            _open.CallsBySeq[seq] = callId;
        }

        if (upstream is ResponseLifecycleEvent { Response.Status: ResponseStatus.Completed or ResponseStatus.Incomplete })
        {
            End(_open);
        }
        else if (upstream.IsTerminal)
        {
            _hasBegun = false;
        }
    }

    private void End(Step step)
    {
        foreach (var (_, item) in _output.Ended)
        {
            if (OutputToInput.From(item, upstreamStores) is { } input)
            {
                step.Items.Add(input.Json);
            }

            switch (item)
            {
                case { Type: "message" }:
                    step.Text += item.Text;
                    break;
                case { Type: "function_call" or "custom_tool_call", CallId: { } callId }:
                    step.Calls.Add(new ForkCall(callId, item.Name ?? "", item.Arguments ?? "") { IsFreeText = item.Type == "custom_tool_call" });
                    break;
                case { Type: var type } when type.EndsWith("_call", StringComparison.Ordinal):
                    step.Calls.Add(new ForkCall(item.Id ?? "", item.Name ?? type, item.Arguments ?? "") { IsHosted = true });
                    break;
            }
        }

        (_open, _hasBegun) = (null, false);
    }

    private void Begin(long seq, IReadOnlyList<JsonBytes> items, IReadOnlyList<ForkedOutput> outputs)
    {
        var step = new Step(seq);
        foreach (var item in items)
        {
            step.Items.Add(item.Utf8);
            using var document = JsonDocument.Parse(item.Utf8);
            if (TextOf(document.RootElement, "call_id") is { } callId && TextOf(document.RootElement, "name") is { } name)
            {
                step.Calls.Add(new ForkCall(callId, name, TextOf(document.RootElement, "arguments") ?? TextOf(document.RootElement, "input") ?? "")
                {
                    IsFreeText = TextOf(document.RootElement, "type") == "custom_tool_call",
                    Output = outputs.FirstOrDefault(taken => taken.CallId == callId)?.Output,
                });
            }
        }

        _steps.Add(step);
    }

    // Some upstreams use an id again: that is another call.
    private (Step Step, int Place)? FindCall(string callId)
    {
        for (var index = _steps.Count - 1; index >= 0; index--)
        {
            if (_steps[index].Calls.FindIndex(call => call.CallId == callId) is var place and >= 0)
            {
                return (_steps[index], place);
            }
        }

        return null;
    }

    private static string? TextOf(JsonElement item, string name) =>
        item.ValueKind is JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private sealed class Step(long seq)
    {
        public bool IsMessage { get; init; }

        public string Text { get; set; } = "";

        public long? HistorySeq { get; set; }

        public List<ReadOnlyMemory<byte>> Items { get; } = [];

        public List<ForkCall> Calls { get; } = [];

        public Dictionary<long, string> CallsBySeq { get; } = [];

        public ForkStep ToStep(int number) => new(number, seq, IsMessage)
        {
            Text = Text,
            Calls = Calls,
            HistorySeq = HistorySeq,
            Items = Items,
            CallsBySeq = CallsBySeq,
        };
    }
}
