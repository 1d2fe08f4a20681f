namespace Copilot.Domain.Replay.Compare;

/// <summary>
/// What comparing texts may cost, counted in pairs of words. A page has one for all its texts: however many and long they are, comparing
/// them ends soon.
/// </summary>
/// <param name="most">For all texts together.</param>
public sealed class DiffWork(long most)
{
    // Four bytes each.
    private const long MostOfTwo = 4_000_000;

    // About half a second.
    private const long MostOfAPage = 200_000_000;

    private long _left = most;

    /// <summary>What all texts of a page may cost.</summary>
    public static DiffWork OfAPage() => new(MostOfAPage);

    /// <summary>Takes what comparing two texts costs; false, and nothing is taken, where that is more than is left.</summary>
    internal bool TryTake(long pairs)
    {
        if (pairs > Math.Min(_left, MostOfTwo))
        {
            return false;
        }

        _left -= pairs;
        return true;
    }
}
