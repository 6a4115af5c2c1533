namespace Salvor.Formats.Etcd.Requests;

/// <summary>What an alarm request does.</summary>
public enum AlarmAction
{
    Get = 0,
    Activate = 1,
    Deactivate = 2,
}
