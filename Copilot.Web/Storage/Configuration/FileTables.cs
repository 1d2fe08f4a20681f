using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Uploaded files. Whose they are is a plain id, as with sessions.</summary>
internal sealed class FileTables : IEntityTypeConfiguration<FileRow>
{
    public void Configure(EntityTypeBuilder<FileRow> builder)
    {
        builder.ToTable("files");
        builder.HasKey(file => file.Id);
        builder.HasIndex(file => file.Sha256);
        builder.HasIndex(file => file.SessionId);
        // What no message uses is removed after a day, found without reading the others.
        builder.HasIndex(file => file.CreatedAt).HasFilter("session_id IS NULL");
    }
}
