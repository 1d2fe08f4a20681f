using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>A formula of several lines between <c>$$</c> and <c>$$</c>, or <c>\[</c> and <c>\]</c>, each on a line: a block of code, so that nothing in it is read as Markdown.</summary>
internal sealed class MathBlockParser : BlockParser
{
    private const string Ending = "close";

    public MathBlockParser() => OpeningCharacters = ['$', '\\'];

    /// <inheritdoc/>
    public override BlockState TryOpen(BlockProcessor processor)
    {
        var line = processor.Line.AsSpan().Trim();
        if (processor.IsCodeIndent || line is not ("$$" or @"\["))
        {
            return BlockState.None;
        }

        var block = new FencedCodeBlock(this) { Info = "latex", Line = processor.LineIndex, Span = new SourceSpan(processor.Start, processor.Line.End), Column = processor.Column };
        block.GetAttributes().AddClass("language-latex");
        block.SetData(Ending, line[0] == '$' ? "$$" : @"\]");
        processor.NewBlocks.Push(block);
        return BlockState.ContinueDiscard;
    }

    /// <inheritdoc/>
    public override BlockState TryContinue(BlockProcessor processor, Block block)
    {
        block.UpdateSpanEnd(processor.Line.End);
        return processor.Line.AsSpan().Trim().SequenceEqual((string)block.GetData(Ending)!) ? BlockState.BreakDiscard : BlockState.Continue;
    }
}
