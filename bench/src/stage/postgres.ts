export interface Postgres extends AsyncDisposable {
  url: string;
  pid: number;
}
export declare function openPostgres(directory: string): Promise<Postgres>;
