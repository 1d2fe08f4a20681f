using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Text;
using Markdig.Syntax;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>
/// Markdown that grows. A top-level block is closed once another one begins on a later, complete line: it is parsed once and
/// never again. Only what follows is parsed at each update.
/// </summary>
/// <remarks>
/// A line that is not complete closes nothing, because its end can still change what it is (<c>---</c> under a paragraph). Each
/// block stands for itself, but for links that name their target elsewhere: a definition that comes draws the blocks again that may
/// use it.
/// </remarks>
internal sealed class MarkdownStream
{
    /// <summary>An open block longer than this (in characters) is hostile or not Markdown: from there on the text is shown plain.</summary>
    internal const int LongestOpenBlock = 100_000;

    /// <summary>More than this (in characters) that was not parsed yet is shown plain: to find its blocks would take seconds.</summary>
    internal const int LongestPiece = 500_000;

    private readonly List<MarkdownBlock> _blocks = [];
    private readonly List<string> _sources = [];
    private readonly List<string> _closedDefinitions = [];
    private CitationMarkers _markers = new();
    private string _definitions = "";
    private string _tail = "";
    private int _closed;
    private int _read;
    private int _generation;
    private bool _plain;

    /// <summary>The blocks of the text so far. A block that did not change keeps its reference.</summary>
    public IReadOnlyList<MarkdownBlock> Blocks => _blocks;

    /// <summary>Takes what has been added to the text. A text that is not a continuation of the last one starts afresh.</summary>
    public void Update(GrowingText text)
    {
        if (text.Generation != _generation || text.Length < _read)
        {
            // What the text has in common with this one is not made again: whoever moves through a replay goes back and forth.
            _closedDefinitions.Clear();
            _markers = new();
            _definitions = "";
            _tail = "";
            _closed = 0;
            _read = 0;
            _plain = false;
            _generation = text.Generation;
            if (text.Length == 0)
            {
                _blocks.Clear();
                _sources.Clear();
            }
        }

        if (text.Length == _read)
        {
            return;
        }

        var added = _markers.Add(text.From(_read));
        _read = text.Length;
        _tail += added;

        // Before anything is parsed: what is nested a thousand times, or has no end, costs seconds and says nothing.
        _plain = _plain || _tail.Length > LongestPiece || MarkdownNesting.IsTooDeep(_tail);
        if (!_plain && added.Contains('\n', StringComparison.Ordinal))
        {
            CloseBlocks();
        }

        _plain |= _tail.Length > LongestOpenBlock;
        ShowOpen();
    }

    /// <summary>
    /// Where the top-level blocks of a text begin, each at the start of its line, and the targets that it defines. Empty when it
    /// cannot be parsed.
    /// </summary>
    private static (List<int> Starts, List<string> Definitions) Read(string text)
    {
        List<int> starts = [];
        List<string> definitions = [];
        try
        {
            foreach (var block in Markdig.Markdown.Parse(text, MarkdownPipelines.BlocksOnly))
            {
                var start = block.Span.Start <= 0 ? 0 : text.LastIndexOf('\n', Math.Min(block.Span.Start, text.Length) - 1) + 1;
                if (block is LinkReferenceDefinitionGroup group)
                {
                    definitions.AddRange(group.OfType<LinkReferenceDefinition>()
                        .Select(one => text[one.Span.Start..Math.Min(text.Length, one.Span.End + 1)].Trim()));
                }
                else if (starts.Count == 0 || start > starts[^1])
                {
                    starts.Add(start);
                }
            }
        }
        catch (ArgumentException)
        {
            // Markdig refuses text that is nested too deeply; such a text has no blocks of its own.
            return ([], []);
        }

        return (starts, definitions);
    }

    private void CloseBlocks()
    {
        var complete = _tail[..(_tail.LastIndexOf('\n') + 1)];
        var starts = Read(complete).Starts;
        for (var index = 0; index + 1 < starts.Count; index++)
        {
            var source = index == 0 ? complete[..starts[1]] : complete[starts[index]..starts[index + 1]];
            _closedDefinitions.AddRange(Read(source).Definitions);
            Set(_closed++, source);
        }

        if (starts.Count > 1)
        {
            _tail = _tail[starts[^1]..];
        }
    }

    private void ShowOpen()
    {
        var place = _closed;
        if (_plain)
        {
            Put(new MarkdownCodeBlock(place++, "", _tail), _tail);
        }
        else
        {
            var (starts, definitions) = Read(_tail);
            Define(string.Join('\n', _closedDefinitions.Concat(definitions)));
            for (var index = 0; index < Math.Max(1, starts.Count); index++)
            {
                var from = index == 0 ? 0 : starts[index];
                var to = index + 1 < starts.Count ? starts[index + 1] : _tail.Length;
                Set(place++, _tail[from..to]);
            }
        }

        if (_blocks.Count > place)
        {
            _blocks.RemoveRange(place, _blocks.Count - place);
            _sources.RemoveRange(place, _sources.Count - place);
        }
    }

    // The blocks before are shown already: those that may name what was defined now are drawn once more.
    private void Define(string definitions)
    {
        if (definitions == _definitions)
        {
            return;
        }

        _definitions = definitions;
        for (var place = 0; place < Math.Min(_closed, _sources.Count); place++)
        {
            if (_sources[place].Contains('[', StringComparison.Ordinal))
            {
                Set(place, _sources[place]);
            }
        }
    }

    private void Set(int place, string source)
    {
        var needsThem = source.Contains('[', StringComparison.Ordinal);
        if (!needsThem && place < _sources.Count && _sources[place] == source && _blocks[place] is not MarkdownCodeBlock)
        {
            return;
        }

        Put(MarkdownHtml.Render(place, source, needsThem ? _definitions : ""), source);
    }

    private void Put(MarkdownBlock block, string source)
    {
        if (block.Id >= _blocks.Count)
        {
            _blocks.Add(block);
            _sources.Add(source);
            return;
        }

        _sources[block.Id] = source;
        if (_blocks[block.Id] != block)
        {
            _blocks[block.Id] = block;
        }
    }
}
