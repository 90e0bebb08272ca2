/** Clients that hear each other's character. A client is in one group at most. */

export interface Group {
  readonly members: Set<string>;
  owner: string;
}

export interface Outcome {
  readonly success: boolean;
  readonly message: string;
}

const refused = (message: string): Outcome => ({ success: false, message });

export class Groups {
  readonly #groups = new Map<string, Group>();

  of(uid: string): Group | undefined {
    return this.#groups.get(uid);
  }

  /** Empty for who is in no group. */
  members(uid: string): string[] {
    return [...(this.of(uid)?.members ?? [])];
  }

  /** The first invitation makes the group; who invites owns it. */
  add(inviter: string, invitee: string): Outcome {
    if (this.of(invitee)) return refused(`${invitee} is in a group already`);
    const group = this.of(inviter) ?? { members: new Set([inviter]), owner: inviter };
    group.members.add(invitee);
    for (const uid of group.members) this.#groups.set(uid, group);
    return { success: true, message: `${invitee} joined the group` };
  }

  /** Only the owner removes others. A group of one is none. */
  remove(remover: string, target: string): Outcome {
    const group = this.of(target);
    if (!group) return refused(`${target} is in no group`);
    if (remover !== group.owner && remover !== target)
      return refused("only the owner of a group removes others");
    this.leave(target);
    return { success: true, message: `${target} left the group` };
  }

  /** Returns who stays behind, in a group or, as the last one, in none. */
  leave(uid: string): string[] {
    const group = this.of(uid);
    if (!group) return [];
    group.members.delete(uid);
    this.#groups.delete(uid);
    const left = [...group.members];
    const [first] = left;
    if (group.owner === uid && first) group.owner = first;
    if (left.length === 1 && first) this.#groups.delete(first);
    return left;
  }
}
