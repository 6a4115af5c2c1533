namespace Salvor.EtcdClient;

/// <param name="Revision">The store's revision after the transaction.</param>
/// <param name="IsSuccess">Whether every condition held, so that the first branch ran.</param>
/// <param name="Ranges">The answers of the branch's gets, in their order.</param>
public sealed record TxnResult(long Revision, bool IsSuccess, IReadOnlyList<RangeResult> Ranges);
