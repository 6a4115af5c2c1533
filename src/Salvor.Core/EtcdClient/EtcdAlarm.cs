namespace Salvor.EtcdClient;

/// <param name="MemberId">Who raised it.</param>
/// <param name="Kind">What is wrong; numbers that this version does not know are passed on.</param>
public sealed record EtcdAlarm(ulong MemberId, EtcdAlarmKind Kind);
