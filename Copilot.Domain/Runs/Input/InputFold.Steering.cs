using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Runs.Input;

/// <summary>
/// Where messages for a run that works stand in its input: where the model got them. One that was not delivered is left out.
/// </summary>
internal sealed partial class InputFold
{
    private readonly Dictionary<string, string> _words = [];
    private readonly List<string> _afterOpen = [];

    private void Deliver(string steerId)
    {
        if (_words.Remove(steerId, out var text))
        {
            AddAfterOpen(text);
        }
    }

    private void AddAfterOpen(string text)
    {
        if (_open is null)
        {
            AppendSteer(text);
        }
        else
        {
            // They follow what is being generated, which is not among the items yet.
            _afterOpen.Add(text);
        }
    }

    private void SayWhatFollows()
    {
        foreach (var text in _afterOpen)
        {
            AppendSteer(text);
        }

        _afterOpen.Clear();
    }

    private void AppendSteer(string text)
    {
        _items.Add(InputItem.UserMessage(text));
        HasFinalAnswer = false;
        _calls.MoveBehindMessage();
    }
}
