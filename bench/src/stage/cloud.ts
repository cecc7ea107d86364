export interface Cloud extends AsyncDisposable {
  url: string;
  pid: number;
  userKey: string;
  agentKey: string;
}
export declare function openCloud(o: { directory: string; databaseUrl: string; profile: boolean }): Promise<Cloud>;
