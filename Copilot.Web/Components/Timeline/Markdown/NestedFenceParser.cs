using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>
/// Fenced code. A block of Markdown that shows code itself is often written with the same fence inside: there a fence with a language
/// opens and the next bare one closes it, instead of the whole.
/// </summary>
internal sealed class NestedFenceParser : FencedCodeBlockParser
{
    private const string Depth = "depth";

    /// <inheritdoc/>
    public override BlockState TryContinue(BlockProcessor processor, Block block)
    {
        if (block is FencedCodeBlock { Info: "markdown" or "md" or "mdx" } outer && !processor.IsCodeIndent)
        {
            var line = processor.Line.AsSpan().Trim();
            var rest = line.TrimStart(outer.FencedChar);
            var depth = block.GetData(Depth) as int? ?? 0;
            if (line.Length - rest.Length == outer.OpeningFencedCharCount)
            {
                if (!rest.IsEmpty && !rest.Contains(outer.FencedChar))
                {
                    block.SetData(Depth, depth + 1);
                }
                else if (rest.IsEmpty && depth > 0)
                {
                    block.SetData(Depth, depth - 1);
                    return BlockState.Continue;
                }
            }
        }

        return base.TryContinue(processor, block);
    }
}
