namespace Copilot.Web.Components.Supervision;

/// <summary>
/// Rows in an order that holds still while the pointer or the focus is on their list: what is there keeps its place, what comes stands
/// at the end, and what has gone stays until the list is let go. No row moves from under a click.
/// </summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="key">What a row is known by.</param>
internal sealed class StillRows<T>(Func<T, string> key)
{
    private IReadOnlyList<T> _newest = [];
    private HashSet<string> _present = [];
    private bool _isHeld;

    /// <summary>The rows as they are shown.</summary>
    public IReadOnlyList<T> Shown { get; private set; } = [];

    /// <summary>True for a row that is only still shown because the list is held.</summary>
    public bool IsGone(T row) => !_present.Contains(key(row));

    /// <summary>Takes the rows as they are now, in the order that they should have.</summary>
    public void Set(IReadOnlyList<T> rows)
    {
        _newest = rows;
        _present = [.. rows.Select(key)];
        if (!_isHeld)
        {
            Shown = rows;
            return;
        }

        var left = rows.ToDictionary(key);
        List<T> shown = [.. Shown.Select(row => left.Remove(key(row), out var now) ? now : row)];
        shown.AddRange(rows.Where(row => left.ContainsKey(key(row))));
        Shown = shown;
    }

    /// <summary>The pointer or the focus has come to the list, or has left it: then the order is renewed.</summary>
    public void Hold(bool isHeld)
    {
        _isHeld = isHeld;
        if (!isHeld)
        {
            Shown = _newest;
        }
    }
}
