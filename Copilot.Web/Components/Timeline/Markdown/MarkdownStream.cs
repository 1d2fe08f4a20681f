using Copilot.Domain.Timeline.Text;
using Markdig;
using Markdig.Syntax;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>
/// Markdown that grows. A top-level block is closed once another one begins on a later, complete line: it is parsed once and
/// never again. Only what follows is parsed at each update.
/// </summary>
/// <remarks>
/// A line that is not complete closes nothing, because its end can still change what it is (<c>---</c> under a paragraph). Each
/// block stands for itself: a reference-style link finds its definition only inside its own block.
/// </remarks>
internal sealed class MarkdownStream
{
    /// <summary>An open block longer than this (in characters) is hostile or not Markdown: from there on the text is shown plain.</summary>
    internal const int LongestOpenBlock = 100_000;

    private static readonly MarkdownPipeline s_blocks = BlocksOnly();

    private readonly List<MarkdownBlock> _blocks = [];
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
            _blocks.Clear();
            _tail = "";
            _closed = 0;
            _read = 0;
            _plain = false;
            _generation = text.Generation;
        }

        if (text.Length == _read)
        {
            return;
        }

        var added = text.From(_read);
        _read = text.Length;
        _tail += added;
        if (!_plain && added.Contains('\n', StringComparison.Ordinal))
        {
            CloseBlocks();
        }

        _plain |= _tail.Length > LongestOpenBlock;
        ShowOpen();
    }

    /// <summary>Where the top-level blocks of a text begin, each at the start of its line. Empty when it cannot be parsed.</summary>
    private static List<int> Starts(string text)
    {
        List<int> starts = [];
        try
        {
            foreach (var block in Markdig.Markdown.Parse(text, s_blocks))
            {
                var start = block.Span.Start <= 0 ? 0 : text.LastIndexOf('\n', Math.Min(block.Span.Start, text.Length) - 1) + 1;
                if (block is not LinkReferenceDefinitionGroup && (starts.Count == 0 || start > starts[^1]))
                {
                    starts.Add(start);
                }
            }
        }
        catch (ArgumentException)
        {
            // Markdig refuses text that is nested too deeply; such a text has no blocks of its own.
            starts.Clear();
        }

        return starts;
    }

    /// <summary>
    /// Finds blocks and reads nothing inside of them. Tables are left to the rendering: here they are paragraphs, which end
    /// where the table ends.
    /// </summary>
    private static MarkdownPipeline BlocksOnly()
    {
        var builder = new MarkdownPipelineBuilder().DisableHtml();
        builder.InlineParsers.Clear();
        return builder.Build();
    }

    private void CloseBlocks()
    {
        var complete = _tail[..(_tail.LastIndexOf('\n') + 1)];
        var starts = Starts(complete);
        for (var index = 0; index + 1 < starts.Count; index++)
        {
            Set(_closed++, index == 0 ? complete[..starts[1]] : complete[starts[index]..starts[index + 1]]);
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
            Put(new MarkdownCodeBlock(place++, "", _tail));
        }
        else
        {
            var starts = Starts(_tail);
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
        }
    }

    private void Set(int place, string source) => Put(MarkdownHtml.Render(place, source));

    private void Put(MarkdownBlock block)
    {
        if (block.Id >= _blocks.Count)
        {
            _blocks.Add(block);
        }
        else if (_blocks[block.Id] != block)
        {
            _blocks[block.Id] = block;
        }
    }
}
