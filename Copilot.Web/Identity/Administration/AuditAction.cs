namespace Copilot.Web.Identity.Administration;

/// <summary>What the audit can say. Stored, so a value may be added and never changed.</summary>
internal static class AuditAction
{
    public const string Invited = "invited";
    public const string InvitationWithdrawn = "invitation_withdrawn";
    public const string Joined = "joined";
    public const string Created = "created";
    public const string RoleChanged = "role_changed";
    public const string TeamChanged = "team_changed";
    public const string Locked = "locked";
    public const string Unlocked = "unlocked";
    public const string PasswordSet = "password_set";
    public const string Deleted = "deleted";
    public const string SignedOut = "signed_out";
    public const string SignInEnded = "sign_in_ended";
    public const string KeyCreated = "key_created";
    public const string KeyRevoked = "key_revoked";
    public const string PermissionGiven = "permission_given";
    public const string PermissionRevoked = "permission_revoked";
    public const string LeverSet = "lever_set";
    public const string LeverUndone = "lever_undone";
    public const string RunsStopped = "runs_stopped";
    public const string RuleCreated = "rule_created";
    public const string RuleChanged = "rule_changed";
    public const string RuleRemoved = "rule_removed";
}
