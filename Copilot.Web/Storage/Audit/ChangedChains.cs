using Copilot.Domain.Runs.Log;

namespace Copilot.Web.Storage.Audit;

/// <summary>The chains that grew since somebody asked last, runs and finished deletions: what the next checkpoint has to seal, without looking for it.</summary>
internal sealed class ChangedChains
{
    private readonly Lock _lock = new();
    private HashSet<string> _ids = [];

    /// <summary>Adds the runs of what was committed.</summary>
    public void Add(IReadOnlyList<RunAppend> appends)
    {
        lock (_lock)
        {
            foreach (var append in appends)
            {
                _ids.Add(append.Summary.RunId);
            }
        }
    }

    /// <summary>Adds runs and deletions that are still to be sealed.</summary>
    public void Add(IEnumerable<string> ids)
    {
        lock (_lock)
        {
            _ids.UnionWith(ids);
        }
    }

    /// <summary>All of them, and forgets them.</summary>
    public IReadOnlyCollection<string> Take()
    {
        lock (_lock)
        {
            var taken = _ids;
            _ids = [];
            return taken;
        }
    }
}
