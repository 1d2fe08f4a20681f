using Copilot.Web.Identity;
using Copilot.Web.Storage.Comments;
using Copilot.Web.Storage.Search.Review;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>What people note about runs: comments with mentions, and which ones they have seen. An author is a plain id: comments outlive the account.</summary>
internal sealed class CommentTables :
    IEntityTypeConfiguration<CommentRow>,
    IEntityTypeConfiguration<CommentMentionRow>,
    IEntityTypeConfiguration<SeenRunRow>
{
    public void Configure(EntityTypeBuilder<CommentRow> builder)
    {
        builder.ToTable("run_comments");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => new { row.RunId, row.Seq });
        // A person's data on request.
        builder.HasIndex(row => row.AuthorId);
        builder.HasOne<RunRow>().WithMany().HasForeignKey(row => row.RunId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<CommentRow>().WithMany().HasForeignKey(row => row.ReplyTo).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<CommentMentionRow> builder)
    {
        builder.ToTable("comment_mentions");
        builder.HasKey(row => new { row.CommentId, row.UserId });
        builder.HasIndex(row => new { row.UserId, row.CommentId });
        // What waits for somebody is counted on every page.
        builder.HasIndex(row => row.UserId).HasFilter("read_at IS NULL").HasDatabaseName("ix_comment_mentions_unread");
        builder.HasOne<CommentRow>().WithMany().HasForeignKey(row => row.CommentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<CopilotUser>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<SeenRunRow> builder)
    {
        builder.ToTable("run_seen");
        builder.HasKey(row => new { row.UserId, row.RunId });
        builder.HasOne<RunRow>().WithMany().HasForeignKey(row => row.RunId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<CopilotUser>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
