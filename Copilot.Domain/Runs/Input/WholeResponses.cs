using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Input;

/// <summary>
/// Tells whether a run's part of the conversation can be made without the pieces that its answers came in, from all other events: true
/// while each response has ended well and says at its end all that its pieces said. Of one that was cut, and of an upstream that is
/// sparing with its last events, the pieces are all there is.
/// </summary>
internal sealed class WholeResponses
{
    private readonly List<OutputItem> _done = [];
    private int _added;
    private bool _open;
    private bool _missing;

    /// <summary>True when pieces are needed.</summary>
    public bool NeedsPieces => _open || _missing;

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
                break;
        }
    }

    private void Apply(ResponseEvent upstream)
    {
        switch (upstream)
        {
            case ResponseLifecycleEvent { Response.Status: ResponseStatus.Completed or ResponseStatus.Incomplete, IsTerminal: true } ended:
                var items = ended.Response.Output.Count > 0 ? ended.Response.Output : _done;
                _missing |= items.Count == 0 || items.Count < _added || !items.All(SaysAll);
                _open = false;
                _added = 0;
                _done.Clear();
                break;
            case { IsTerminal: true }:
                _missing = true;
                break;
            case OutputItemEvent { Done: true } done:
                _done.Add(done.Item);
                _open = true;
                break;
            case OutputItemEvent:
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
        _done.Clear();
    }

    private static bool SaysAll(OutputItem item) => item.Type switch
    {
        "message" => item.Text.Length > 0 || item.Refusal is { Length: > 0 },
        "function_call" or "custom_tool_call" => item is { CallId: not null, Name: not null, Arguments.Length: > 0 },
        _ => item.Type.Length > 0,
    };
}
