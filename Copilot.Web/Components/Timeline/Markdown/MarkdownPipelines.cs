using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Parsers;
using Markdig.Renderers;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>
/// The Markdown that models write: CommonMark with tables, task lists and bare addresses, beside letters of any script, with formulas
/// left as they are. Raw HTML is text, but for a few tags that only change how words look.
/// </summary>
internal static class MarkdownPipelines
{
    /// <summary>Blocks and what is inside of them.</summary>
    public static MarkdownPipeline Whole { get; } = CreateWhole();

    /// <summary>
    /// Finds blocks and reads nothing inside of them. Tables are left to the rendering: here they are paragraphs, which end
    /// where the table ends.
    /// </summary>
    public static MarkdownPipeline BlocksOnly { get; } = CreateBlocksOnly();

    private static MarkdownPipeline CreateWhole()
    {
        var builder = new MarkdownPipelineBuilder()
            .DisableHtml()
            .UsePipeTables()
            .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
            .UseCjkFriendlyEmphasis()
            .UseTaskLists()
            .UseAutoLinks();
        AddBlocks(builder);
        builder.Extensions.Add(new OwnInlines());
        return builder.Build();
    }

    private static MarkdownPipeline CreateBlocksOnly()
    {
        var builder = new MarkdownPipelineBuilder().DisableHtml();
        AddBlocks(builder);
        builder.InlineParsers.Clear();
        return builder.Build();
    }

    private static void AddBlocks(MarkdownPipelineBuilder builder)
    {
        builder.BlockParsers.ReplaceOrAdd<FencedCodeBlockParser>(new NestedFenceParser());
        builder.BlockParsers.Insert(0, new MathBlockParser());
    }

    // Extensions come in their order, and each puts its parsers first.
    private sealed class OwnInlines : IMarkdownExtension
    {
        public void Setup(MarkdownPipelineBuilder pipeline)
        {
            pipeline.InlineParsers.Insert(0, new PlainLinkParser());
            pipeline.InlineParsers.Insert(0, new LookTagParser());
            pipeline.InlineParsers.Insert(0, new MathInlineParser());
        }

        public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer)
        {
            // Nothing of it is rendered differently.
        }
    }
}
