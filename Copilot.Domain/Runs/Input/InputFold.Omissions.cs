using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Input;

/// <summary>What an upstream has refused is not sent again: a conversation does not die of one item.</summary>
internal sealed partial class InputFold
{
    private const string LeftOut = "(A message was left out here, because the model provider's policy does not allow it.)";

    private readonly List<InputOmitted> _omissions = [];

    /// <summary>What was refused while the run worked. It stands for everything before the run, too.</summary>
    public IReadOnlyList<InputOmitted> Omissions => _omissions;

    /// <summary>The items without what was refused.</summary>
    public static IEnumerable<InputItem> Without(IEnumerable<InputItem> items, InputOmitted omitted) => omitted.What switch
    {
        InputOmitted.Items => items.Where(item => InputWindow.TypeOf(item) != omitted.ItemType),
        InputOmitted.File => items.Select(item => item.Files.Any(file => file.Id == omitted.FileId)
            ? item with { Files = [.. item.Files.Select(file => file.Id == omitted.FileId ? file with { IsRefused = true } : file)] }
            : item),
        _ => items,
    };

    private void Omit(InputOmitted omitted)
    {
        _omissions.Add(omitted);
        InputItem[] left = [.. Without(_items, omitted)];
        var isLess = left.Length != _items.Count;
        _items.Clear();
        _items.AddRange(left);
        if (isLess)
        {
            // The numbers of items from before mean nothing any more.
            Measured = null;
            _calls.MoveToEnd();
        }
    }

    /// <summary>What was flagged is part of this run; nobody says which part.</summary>
    private void LeaveOut()
    {
        _open = null;
        _calls.Clear();
        _items.Clear();
        _items.Add(InputItem.UserMessage(LeftOut));
    }
}
