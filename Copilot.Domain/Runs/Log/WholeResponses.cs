using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Log;

/// <summary>
/// Tells whether a run's part of the conversation can be made without the pieces that its answers came in, from all other events: true
/// while each response has ended well and says at its end all that its pieces said. Of one that was cut, and of an upstream that is
/// sparing with its last events, the pieces are all there is.
/// </summary>
internal sealed class WholeResponses
{
    private readonly List<OutputItem> _done = [];
    private readonly HashSet<int> _begun = [];
    private int _added;
    private bool _open;
    private bool _hasReasoning;
    private bool _missing;

    /// <summary>True when pieces are needed.</summary>
    public bool NeedsPieces => _open || _missing;

    /// <summary>
    /// True when something that people see was in pieces alone, whatever still comes: an answer that no longer counts, reasoning, which
    /// never goes back to the model, the first drafts of a picture, or the moment at which an item began.
    /// </summary>
    public bool MissesWhatPeopleSee { get; private set; }

    /// <summary>Takes the next event that is no piece.</summary>
    public void Apply(RunEvent runEvent)
    {
        if (runEvent.Upstream is { } upstream)
        {
            Apply(upstream);
            return;
        }

        switch (runEvent.Payload)
        {
            case AttemptSent:
                Begin();
                break;
            case AttemptSuperseded:
                _missing = true;
                MissesWhatPeopleSee = true;
                break;
        }
    }

    private void Apply(ResponseEvent upstream)
    {
        switch (upstream)
        {
            case ResponseLifecycleEvent { Response.Status: ResponseStatus.Completed or ResponseStatus.Incomplete, IsTerminal: true } ended:
                var items = ended.Response.Output.Count > 0 ? ended.Response.Output : _done;
                MissesWhatPeopleSee |= items.Count > _begun.Count;
                _begun.Clear();
                _missing |= items.Count == 0 || items.Count < _added || !items.All(SaysAll);
                _open = false;
                _added = 0;
                _done.Clear();
                break;
            case { IsTerminal: true }:
                _missing = true;
                break;
            case TextDoneEvent { Kind: DeltaKind.ReasoningSummary or DeltaKind.ReasoningText }:
                _hasReasoning = true;
                _open = true;
                break;
            case OutputItemEvent { Done: true } done:
                MissesWhatPeopleSee |= !_begun.Contains(done.OutputIndex)
                    || done.Item.Type == "image_generation_call"
                    || (done.Item is { Type: "reasoning", Text.Length: 0 } && !_hasReasoning);
                _hasReasoning = false;
                _done.Add(done.Item);
                _open = true;
                break;
            case OutputItemEvent added:
                _begun.Add(added.OutputIndex);
                _added++;
                _open = true;
                break;
            default:
                _open = true;
                break;
        }
    }

    private void Begin()
    {
        _missing |= _open;
        _open = true;
        _added = 0;
        _begun.Clear();
        _done.Clear();
    }

    private static bool SaysAll(OutputItem item) => item.Type switch
    {
        "message" => item.Text.Length > 0 || item.Refusal is { Length: > 0 },
        "function_call" or "custom_tool_call" => item is { CallId: not null, Name: not null, Arguments.Length: > 0 },
        _ => item.Type.Length > 0,
    };
}
