using System.Text;

namespace Copilot.Domain.Replay.Compare;

/// <summary>Joins words to parts of two texts, in order.</summary>
internal sealed class DiffParts
{
    private readonly List<DiffPart> _parts = [];
    private readonly StringBuilder _text = new();
    private DiffKind _kind;

    /// <summary>Adds words to the part before them if they are of its kind.</summary>
    public void Add(DiffKind kind, ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (kind != _kind)
            {
                EndPart();
                _kind = kind;
            }

            _text.Append(word);
        }
    }

    /// <summary>All parts; nothing is added after that.</summary>
    public IReadOnlyList<DiffPart> End()
    {
        EndPart();
        return _parts;
    }

    private void EndPart()
    {
        if (_text.Length > 0)
        {
            _parts.Add(new DiffPart(_kind, _text.ToString()));
            _text.Clear();
        }
    }
}
