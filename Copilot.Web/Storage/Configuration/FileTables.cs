using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>Uploaded files. The owner is a plain id, as with sessions.</summary>
internal sealed class FileTables : IEntityTypeConfiguration<FileRow>
{
    public void Configure(EntityTypeBuilder<FileRow> builder)
    {
        builder.ToTable("files");
        builder.HasKey(file => file.Id);
        builder.HasIndex(file => file.Sha256);
        builder.HasIndex(file => file.SessionId);
        // Finds uploads that no message uses, which are removed after a day, without reading the others.
        builder.HasIndex(file => file.CreatedAt).HasFilter("session_id IS NULL");
        // What a person has in all is counted at each upload.
        builder.HasIndex(file => file.UserId).HasFilter("forgotten_at IS NULL");
    }
}
