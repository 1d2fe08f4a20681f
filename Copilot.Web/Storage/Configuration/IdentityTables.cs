using Copilot.Web.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Copilot.Web.Storage.Configuration;

/// <summary>ASP.NET Core Identity's tables under this database's names, and the sign-ins.</summary>
internal sealed class IdentityTables :
    IEntityTypeConfiguration<CopilotUser>,
    IEntityTypeConfiguration<SignInRow>,
    IEntityTypeConfiguration<IdentityRole>,
    IEntityTypeConfiguration<IdentityUserRole<string>>,
    IEntityTypeConfiguration<IdentityUserClaim<string>>,
    IEntityTypeConfiguration<IdentityUserLogin<string>>,
    IEntityTypeConfiguration<IdentityUserToken<string>>,
    IEntityTypeConfiguration<IdentityRoleClaim<string>>
{
    public void Configure(EntityTypeBuilder<CopilotUser> builder)
    {
        builder.ToTable("users");
        builder.HasIndex(user => user.TeamId);
        builder.Property(user => user.LockoutEnd)
            .HasConversion(time => UnixMicroseconds.From(time!.Value), microseconds => UnixMicroseconds.ToTime(microseconds));
    }

    public void Configure(EntityTypeBuilder<SignInRow> builder)
    {
        builder.ToTable("sign_ins");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => row.UserId);
        builder.HasIndex(row => row.LastSeenAt);
        builder.HasOne<CopilotUser>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<IdentityRole> builder) => builder.ToTable("roles");

    public void Configure(EntityTypeBuilder<IdentityUserRole<string>> builder) => builder.ToTable("user_roles");

    public void Configure(EntityTypeBuilder<IdentityUserClaim<string>> builder) => builder.ToTable("user_claims");

    public void Configure(EntityTypeBuilder<IdentityUserLogin<string>> builder) => builder.ToTable("user_logins");

    public void Configure(EntityTypeBuilder<IdentityUserToken<string>> builder) => builder.ToTable("user_tokens");

    public void Configure(EntityTypeBuilder<IdentityRoleClaim<string>> builder) => builder.ToTable("role_claims");
}
